namespace QTrade.Actors.Tests;

public sealed class TraceContextSpecs
{
    [Theory]
    [InlineData("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01")]
    [InlineData("00-00000000000000000000000000000001-0000000000000001-00")]
    public void A_traceparent_is_read_and_written_alike(string traceparent)
    {
        Assert.True(TraceContext.TryParse(traceparent, out var trace));

        Assert.Equal(traceparent, trace.ToString());
    }

    [Fact]
    public void A_later_version_is_read_by_its_first_fields()
    {
        Assert.True(TraceContext.TryParse("cc-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-03-what-comes", out var trace));

        Assert.True(trace.Sampled);
    }

    [Theory]
    [InlineData("")]
    [InlineData("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7")]
    [InlineData("00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01")]
    [InlineData("00-00000000000000000000000000000000-00f067aa0ba902b7-01")]
    [InlineData("00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01")]
    [InlineData("ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01")]
    [InlineData("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-more")]
    [InlineData("00x4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01")]
    [InlineData("cc-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01.more")]
    public void Anything_else_is_refused(string traceparent) => Assert.False(TraceContext.TryParse(traceparent, out _));
}
