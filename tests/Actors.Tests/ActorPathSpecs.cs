namespace QTrade.Actors.Tests;

public sealed class ActorPathSpecs
{
    [Fact]
    public void A_path_grows_by_names()
    {
        var path = ActorPath.Root.Child("pools").Child("orca-1");

        Assert.Equal(("/pools/orca-1", "orca-1"), (path.Value, path.Name));
    }

    [Theory]
    [InlineData("")]
    [InlineData("a/b")]
    public void A_name_that_would_not_be_one_step_is_refused(string name) =>
        Assert.Throws<ArgumentException>(() => ActorPath.Root.Child(name));
}
