using QTrade.Actors.Mailboxes;
using QTrade.Actors.Scheduling;
using QTrade.Shared.Actors;

namespace QTrade.Actors.Tests;

[Collection(Alone.Name)]
public sealed class AllocationSpecs
{
    private const int Relays = 100;
    private const int Messages = 400_000;

    // Four for each relay at a time, which its mailbox and its effects have room for from the start: however the threads take turns, no relay grows.
    private const int Portion = 4 * Relays;

    // What is counted is the whole process: the test host allocates beside it, and the pool adds threads, in some rounds. A message that costs memory
    // costs 24 bytes and more in every round, so that one clean round proves that none does.
    private const int RoundsMax = 8;
    private const double CleanBytesPerMessage = 0.01;

    [Theory]
    [InlineData("unbounded")]
    [InlineData("conflating")]
    public void Telling_handling_and_sending_allocate_nothing(string mailbox)
    {
        using var system = new ActorSystem(new ThreadPoolScheduler());
        using var counter = new Counter();
        var end = system.Spawn(new Props<Note>(() => counter), "counter");
        var relays = Enumerable.Range(0, Relays).Select(i => system.Spawn(
            new Props<Note>(() => new Relay(end))
            {
                Mailbox = mailbox == "unbounded" ? MailboxOptions.Unbounded<Note>() : MailboxOptions.Conflating(new NoKey()),
            },
            $"relay-{i}")).ToArray();
        var note = new Note();
        Push(relays, note, counter);

        var each = double.PositiveInfinity;
        for (var round = 0; round < RoundsMax && each >= CleanBytesPerMessage; round++)
        {
            var before = GC.GetTotalAllocatedBytes(precise: true);
            Push(relays, note, counter);
            each = (double)(GC.GetTotalAllocatedBytes(precise: true) - before) / Messages;
        }

        Assert.True(each < CleanBytesPerMessage, $"{each:N2} bytes were allocated for each of {Messages} messages in every one of {RoundsMax} rounds");
    }

    private static void Push(ActorRef<Note>[] relays, Note note, Counter counter)
    {
        for (var sent = 0; sent < Messages; sent += Portion)
        {
            counter.Expect(Portion);
            for (var i = 0; i < Portion; i++)
                relays[i % Relays].Tell(note);
            Assert.True(counter.Wait(TestProbe<Note>.Patience), "messages were lost");
        }
    }

    private sealed class Note;

    private sealed class Relay(ActorRef<Note> to) : Actor<Note>
    {
        public override void Handle(Note message, Effects effects) => effects.Send(to, message);
    }

    private sealed class Counter : Actor<Note>, IDisposable
    {
        private readonly AutoResetEvent _done = new(false);
        private int _left;

        public override void Handle(Note message, Effects effects)
        {
            if (Interlocked.Decrement(ref _left) == 0)
                _done.Set();
        }

        public void Dispose() => _done.Dispose();

        internal void Expect(int messages) => Volatile.Write(ref _left, messages);

        internal bool Wait(TimeSpan patience) => _done.WaitOne(patience);
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
