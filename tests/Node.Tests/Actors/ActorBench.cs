using QTrade.Actors;
using QTrade.Actors.Journal;
using QTrade.Actors.Scheduling;
using QTrade.Messages;
using QTrade.Node.Actors;
using QTrade.Node.Tests.EndToEnd;

namespace QTrade.Node.Tests.Actors;

/// <summary>One actor of the node in virtual time, over a journal whose answers a spec decides.</summary>
internal sealed class ActorBench : IDisposable
{
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(10);

    public ActorBench()
    {
        Journal = new InMemoryJournal(Scheduler.Time, TimeSpan.FromMilliseconds(2));
        Held = new HeldJournal(Journal);
        System = new ActorSystem(Scheduler, new ActorSystemOptions { Journal = Held, Observer = new NodeObserver(Metrics, Health) });
    }

    public SimulationScheduler Scheduler { get; } = new(1);

    public InMemoryJournal Journal { get; }

    public HeldJournal Held { get; }

    public ActorSystem System { get; }

    public NodeMetrics Metrics { get; } = new(static _ => { });

    public JournalHealth Health { get; } = new(static _ => { });

    /// <summary>What is durable, in order.</summary>
    public IEnumerable<IMessage> Events() => JournalMessages.Of(Journal);

    /// <summary>Lets everything happen that is due soon.</summary>
    public void Run() => Run(Moment);

    public void Run(TimeSpan duration) => Scheduler.RunFor(duration);

    public void Dispose() => System.Dispose();
}
