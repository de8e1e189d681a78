using QTrade.Actors.Kernel;
using QTrade.Actors.Mailboxes;
using QTrade.Shared.Actors;

namespace QTrade.Actors.Tests.Mailboxes;

public sealed class MailboxSpecs
{
    [Theory]
    [InlineData("unbounded")]
    [InlineData("bounded")]
    [InlineData("conflating")]
    public async Task Many_writers_lose_nothing_and_keep_their_own_order(string kind)
    {
        const int Writers = 4, Messages = 20_000;
        var mailbox = Make(kind, capacity: int.MaxValue);
        var wakes = new SemaphoreSlim(0);
        Assert.True(mailbox.TrySleep(paused: false));

        var writers = Enumerable.Range(0, Writers).Select(writer => Task.Run(() =>
        {
            for (var i = 0; i < Messages; i++)
            {
                if (mailbox.Post(new Note(writer, i, Keyed: false)) == PostResult.Wake)
                    wakes.Release();
            }
        })).ToArray();
        var next = new int[Writers];
        while (next.Sum() < Writers * Messages)
        {
            Assert.True(await wakes.WaitAsync(TestProbe<string>.Patience), "a wake-up was lost");
            do
            {
                while (mailbox.TryTake(out var item))
                {
                    var note = (Note)item;
                    Assert.Equal(next[note.Writer]++, note.Number);
                }
            }
            while (!mailbox.TrySleep(paused: false));
        }

        await Task.WhenAll(writers);
        Assert.Equal(0, mailbox.Depth);
    }

    [Theory]
    [InlineData("unbounded")]
    [InlineData("bounded")]
    [InlineData("conflating")]
    public void A_paused_reader_is_woken_by_the_kernel_only(string kind)
    {
        var mailbox = Make(kind);
        Assert.True(mailbox.TrySleep(paused: true));

        Assert.Equal(PostResult.Queued, mailbox.Post(new Note(0, 0, Keyed: false)));
        Assert.Equal(PostResult.Wake, mailbox.PostSystem(new StopMessage("spec")));
        Assert.False(mailbox.TrySleep(paused: true));
        Assert.IsType<StopMessage>(mailbox.TakeSystem());
        Assert.True(mailbox.TrySleep(paused: true));
        Assert.False(mailbox.TrySleep(paused: false));
    }

    [Theory]
    [InlineData("unbounded")]
    [InlineData("bounded")]
    [InlineData("conflating")]
    public void A_closed_mailbox_takes_nothing_and_gives_what_waits(string kind)
    {
        var mailbox = Make(kind);
        mailbox.Post(new Note(0, 0, Keyed: false));
        mailbox.Close();

        Assert.Equal(PostResult.Closed, mailbox.Post(new Note(0, 1, Keyed: false)));
        Assert.Equal(PostResult.Closed, mailbox.PostSystem(new StopMessage("spec")));
        Assert.True(mailbox.TryTake(out _));
        Assert.False(mailbox.TryTake(out _));
    }

    [Fact]
    public void A_full_mailbox_still_takes_what_its_owner_has_coming()
    {
        var mailbox = Make("bounded", capacity: 1);
        mailbox.Post(new Note(0, 0, Keyed: false));

        Assert.Equal(PostResult.Full, mailbox.Post(new Note(0, 1, Keyed: false)));
        Assert.Equal(PostResult.Queued, mailbox.Post(new Envelope(new Note(0, 2, Keyed: false), null, owed: true)));
        Assert.Equal((2, 1), (mailbox.Depth, mailbox.Refused));
    }

    [Fact]
    public void A_merged_message_belongs_to_the_trace_of_the_one_that_arrived()
    {
        var mailbox = Make("conflating");
        var trace = new TraceContext(1, 2, 3, Sampled: true);
        mailbox.Post(new Note(0, 0, Keyed: true));
        mailbox.Post(new Envelope(new Note(0, 1, Keyed: true), trace));

        Assert.True(mailbox.TryTake(out var item));
        var envelope = Assert.IsType<Envelope>(item);
        Assert.Equal((new Note(0, 1, Keyed: true), trace), (envelope.Message, envelope.Trace));
    }

    [Fact]
    public void A_key_taken_meanwhile_is_not_merged_into()
    {
        var mailbox = Make("conflating");
        mailbox.Post(new Note(0, 0, Keyed: true));
        Assert.True(mailbox.TryTake(out _));

        mailbox.Post(new Note(0, 1, Keyed: true));

        Assert.True(mailbox.TryTake(out var item));
        Assert.Equal(new Note(0, 1, Keyed: true), item);
        Assert.Equal(0, mailbox.Conflated);
    }

    [Fact]
    public void A_burst_does_not_hold_its_memory_and_a_steady_flow_allocates_nothing()
    {
        var mailbox = Make("unbounded");
        var note = new Note(0, 0, Keyed: false);
        Flow(5_000, turns: 4);

        var before = GC.GetAllocatedBytesForCurrentThread();
        Flow(5_000, turns: 20);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        Flow(1, turns: 5_000);
        before = GC.GetAllocatedBytesForCurrentThread();
        Flow(5_000, turns: 2);
        Assert.NotEqual(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Flow(int messages, int turns)
        {
            for (var turn = 0; turn < turns; turn++)
            {
                for (var i = 0; i < messages; i++)
                    mailbox.Post(note);
                while (mailbox.TryTake(out _))
                {
                }
            }
        }
    }

    [Fact]
    public void One_message_in_64_tells_how_long_it_waited()
    {
        var clock = new ManualClock();
        var mailbox = MailboxOptions.Unbounded<Note>().Create(clock);
        for (var i = 0; i < 64; i++)
            mailbox.Post(new Note(0, i, Keyed: false));
        clock.Advance(TimeSpan.FromMilliseconds(8));

        while (mailbox.TryTake(out _))
        {
        }

        Assert.Equal(TimeSpan.FromMilliseconds(8), mailbox.LatencyMax);
        Assert.Equal(TimeSpan.FromMilliseconds(1), mailbox.LatencyMean);
    }

    private static Mailbox Make(string kind, int capacity = 8) => kind switch
    {
        "unbounded" => MailboxOptions.Unbounded<Note>().Create(TimeProvider.System),
        "bounded" => MailboxOptions.Bounded<Note>(capacity).Create(TimeProvider.System),
        _ => MailboxOptions.Conflating(new NewestNote()).Create(TimeProvider.System),
    };

    private sealed record Note(int Writer, int Number, bool Keyed);

    private sealed class NewestNote : IConflation<Note, int>
    {
        public bool TryGetKey(Note message, out int key)
        {
            key = message.Writer;
            return message.Keyed;
        }

        public Note Merge(Note waiting, Note arrived) => arrived.Number > waiting.Number ? arrived : waiting;
    }
}
