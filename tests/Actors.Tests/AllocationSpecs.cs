using QTrade.Actors.Mailboxes;
using QTrade.Actors.Scheduling;
using QTrade.Shared.Actors;

namespace QTrade.Actors.Tests;

[Collection(Alone.Name)]
public sealed class AllocationSpecs
{
    private const int Relays = 100;
    private const int Messages = 400_000;

    // A mailbox may grow once more in a later round when threads are held up; a message that costs memory does so in every round.
    private const int RoundsMax = 8;

    [Theory]
    [InlineData("unbounded")]
    [InlineData("conflating")]
    public async Task Telling_handling_and_sending_allocate_nothing(string mailbox)
    {
        using var system = new ActorSystem(new ThreadPoolScheduler());
        var counter = new Counter();
        var end = system.Spawn(new Props<Note>(() => counter), "counter");
        var relays = Enumerable.Range(0, Relays).Select(i => system.Spawn(
            new Props<Note>(() => new Relay(end))
            {
                Mailbox = mailbox == "unbounded" ? MailboxOptions.Unbounded<Note>() : MailboxOptions.Conflating(new NoKey()),
            },
            $"relay-{i}")).ToArray();
        var note = new Note();
        await PushAsync(relays, note, counter);

        var each = double.PositiveInfinity;
        for (var round = 0; round < RoundsMax && each >= 1; round++)
        {
            var before = GC.GetTotalAllocatedBytes(precise: true);
            await PushAsync(relays, note, counter);
            each = (double)(GC.GetTotalAllocatedBytes(precise: true) - before) / Messages;
        }

        Assert.True(each < 1, $"{each:N2} bytes were allocated for each of {Messages} messages");
    }

    /// <summary>In portions, each awaited, so that no mailbox grows past what the first push made of it.</summary>
    private static async Task PushAsync(ActorRef<Note>[] relays, Note note, Counter counter)
    {
        const int Portion = 20_000;
        for (var sent = 0; sent < Messages; sent += Portion)
        {
            var awaited = counter.Await(Portion);
            for (var i = 0; i < Portion; i++)
                relays[i % Relays].Tell(note);
            await awaited.WaitAsync(TestProbe<Note>.Patience);
        }
    }

    private sealed class Note;

    private sealed class Relay(ActorRef<Note> to) : Actor<Note>
    {
        public override void Handle(Note message, Effects effects) => effects.Send(to, message);
    }

    private sealed class Counter : Actor<Note>
    {
        private TaskCompletionSource _done = new();
        private int _left;

        public override void Handle(Note message, Effects effects)
        {
            if (Interlocked.Decrement(ref _left) == 0)
                _done.SetResult();
        }

        internal Task Await(int messages)
        {
            _done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            Volatile.Write(ref _left, messages);
            return _done.Task;
        }
    }

    /// <summary>Every message is to be handled, as one that must not be merged.</summary>
    private sealed class NoKey : IConflation<Note, int>
    {
        public bool TryGetKey(Note message, out int key)
        {
            key = 0;
            return false;
        }

        public Note Merge(Note waiting, Note arrived) => arrived;
    }
}
