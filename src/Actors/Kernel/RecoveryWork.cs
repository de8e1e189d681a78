using QTrade.Actors.EventSourcing;
using QTrade.Actors.Journal;

namespace QTrade.Actors.Kernel;

/// <summary>Reads one entity from the journal, off the actor's turn.</summary>
internal sealed class RecoveryWork(ActorCell owner, IEventSourced instance, IJournal journal) : WorkItem(owner)
{
    internal override void Execute()
    {
        SystemMessage ended;
        try
        {
            ended = new Recovered(instance, instance.Recover(journal));
        }
#pragma warning disable CA1031 // Whatever reading throws is the journal's failure: events are folded without a throw.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            ended = new RecoveryFailed(instance, failure);
        }

        Owner.Tell(ended);
    }

    internal override void Refuse(string reason) => Owner.Tell(new RecoveryFailed(instance, new InvalidOperationException(reason)));

    private sealed class Recovered(IEventSourced instance, RecoveredEntity entity) : SystemMessage
    {
        internal override void Handle(ActorCell cell) => cell.OnRecovered(instance, entity);
    }

    private sealed class RecoveryFailed(IEventSourced instance, Exception failure) : SystemMessage
    {
        internal override void Handle(ActorCell cell) => cell.OnRecoveryFailed(instance, failure);
    }
}
