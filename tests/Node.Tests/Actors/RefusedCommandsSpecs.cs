using QTrade.Messages;
using QTrade.Messages.Routing;
using QTrade.Node.Actors;

namespace QTrade.Node.Tests.Actors;

/// <summary>What is decided again once the journal writes.</summary>
public sealed class RefusedCommandsSpecs
{
    private static readonly IRouterCommand First = Command(1), Second = Command(2), Third = Command(3);

    private readonly RefusedCommands _refused = new();

    [Fact]
    public void What_was_refused_is_taken_once_in_its_order()
    {
        _refused.Write([First, Second]);
        _refused.Refuse();
        Assert.Equal([First, Second], TakeAll());
        Assert.False(_refused.Any);
    }

    [Fact]
    public void What_an_earlier_turn_wrote_is_not_refused_with_what_follows()
    {
        _refused.Write([First]);
        _refused.Begin();
        _refused.Write([Second]);
        _refused.Write([Third]);
        _refused.Refuse();
        Assert.Equal([Second, Third], TakeAll());
    }

    [Fact]
    public void No_more_are_kept_than_the_bound()
    {
        _refused.Write(Enumerable.Range(1, RefusedCommands.Max + 1).Select(number => Command(number)));
        _refused.Refuse();
        Assert.Equal(RefusedCommands.Max, TakeAll().Count);
    }

    private static SnapshotFailed Command(int number) => new(new SnapshotId(1, number), ReasonCode.SolverFailed, "");

    private List<IRouterCommand> TakeAll()
    {
        var taken = new List<IRouterCommand>();
        while (_refused.TryTake(out var command))
            taken.Add(command);
        return taken;
    }
}
