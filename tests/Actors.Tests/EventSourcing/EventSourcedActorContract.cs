using QTrade.Actors.EventSourcing;
using QTrade.Actors.Journal;
using QTrade.Actors.Mailboxes;
using QTrade.Actors.Supervision;
using QTrade.Shared.Actors;
using static QTrade.Actors.Tests.EventSourcing.Account;

namespace QTrade.Actors.Tests.EventSourcing;

/// <summary>Decide, persist, apply, publish: on every scheduler alike.</summary>
public abstract class EventSourcedActorContract : IDisposable
{
    private static readonly TimeSpan CommitLatency = TimeSpan.FromMilliseconds(10);

    private readonly Rig _rig;
    private readonly InMemoryJournal _journal;

    protected EventSourcedActorContract(Rig rig)
    {
        _rig = rig;
        _journal = new InMemoryJournal(rig.Scheduler.Time, CommitLatency);
        rig.Options = new ActorSystemOptions { Journal = _journal };
    }

    private ActorSystem System => _rig.System;

    public void Dispose()
    {
        _rig.Dispose();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Effects_of_a_handler_that_persists_wait_for_the_commit_and_no_message_is_handled_meanwhile()
    {
        var (account, probe) = await StartAsync();

        account.Tell(new Deposit(2, 3));
        account.Tell(new Show());
        await _rig.UntilAsync(() => StateOf(account) == "Persisting");
        Assert.Equal((0, 1), (_journal.Count, probe.Received.Count));
        _rig.Advance(CommitLatency);

        await _rig.ExpectAsync(probe, "deposited #2", "balance 5 at #2");
        Assert.Equal([(1L, 2), (2L, 3)], Stored());
    }

    [Fact]
    public async Task What_is_sent_at_once_does_not_wait_for_the_commit()
    {
        var (account, probe) = await StartAsync();

        account.Tell(new AskAndDeposit(2));
        await _rig.UntilAsync(() => probe.Received.Contains("asked"));
        Assert.Equal(0, _journal.Count);
        Assert.DoesNotContain("deposited #1", probe.Received);
        _rig.Advance(CommitLatency);

        await _rig.ExpectAsync(probe, "asked", "deposited #1");
    }

    [Fact]
    public async Task What_is_sent_at_once_was_sent_though_the_append_is_refused()
    {
        var (account, probe) = await StartAsync();
        _journal.Fault = JournalFault.Broken;

        account.Tell(new AskAndDeposit(2));
        await _rig.UntilAsync(() => probe.Received.Contains("asked"));
        _rig.Advance(CommitLatency);

        await _rig.ExpectAsync(probe, "asked", "refused Broken");
        Assert.DoesNotContain("deposited #1", probe.Received);
    }

    [Fact]
    public async Task What_a_throwing_handler_persisted_is_not_written()
    {
        var (account, probe) = await StartAsync(new SupervisionPolicy { MinBackoff = CommitLatency });
        await DepositAsync(account, probe, 7);

        account.Tell(new Trip());
        await _rig.UntilAsync(() => StateOf(account) == "Suspended");
        _rig.Advance(CommitLatency);

        await _rig.ExpectAsync(probe, "recovered 7 at #1");
        Assert.Equal([(1L, 7)], Stored());
    }

    [Theory]
    [InlineData(JournalFault.Full)]
    [InlineData(JournalFault.Broken)]
    public async Task A_refused_append_leaves_state_as_it_was_and_the_actor_goes_on(JournalFault fault)
    {
        var (account, probe) = await StartAsync();
        await DepositAsync(account, probe, 1);
        _journal.Fault = fault;

        account.Tell(new Deposit(5));
        await _rig.UntilAsync(() => StateOf(account) == "Persisting");
        _rig.Advance(CommitLatency);
        await _rig.ExpectAsync(probe, $"refused {fault}");
        _journal.Fault = JournalFault.None;
        account.Tell(new Show());
        await _rig.ExpectAsync(probe, "balance 1 at #1");

        await DepositAsync(account, probe, 4);
        Assert.Equal([(1L, 1), (2L, 4)], Stored());
    }

    [Fact]
    public async Task An_actor_that_is_not_the_last_writer_stops_and_says_why()
    {
        var observer = new StopObserver();
        _rig.Options = _rig.Options with { Observer = observer };
        var (account, probe) = await StartAsync();
        _journal.WriteElsewhere(IdOf("a"), AccountCodec.Instance.Encode(new Deposited(100)));

        account.Tell(new Deposit(5));
        await _rig.UntilAsync(() => StateOf(account) == "Persisting");
        _rig.Advance(CommitLatency);
        await _rig.ExpectAsync(probe, "refused Conflict");

        await _rig.UntilAsync(() => System.Hierarchy().All(report => report.Path != account.Path));
        Assert.Equal("/account fenced: another writer appends to 'account/a'", Assert.Single(observer.Stops));
        Assert.Equal([(1L, 100)], Stored());
    }

    [Fact]
    public async Task A_stop_waits_for_the_append_in_flight_and_its_effects()
    {
        var (account, probe) = await StartAsync();

        account.Tell(new Deposit(5));
        await _rig.UntilAsync(() => StateOf(account) == "Persisting");
        ActorSystem.Stop(account);
        _rig.Advance(CommitLatency);

        await _rig.ExpectAsync(probe, "deposited #1");
        await _rig.UntilAsync(() => System.Hierarchy().All(report => report.Path != account.Path));
    }

    [Fact]
    public async Task Updates_conflate_while_an_append_is_in_flight()
    {
        var (account, probe) = await StartAsync(mailbox: MailboxOptions.Conflating(new LatestDeposit()));

        account.Tell(new Deposit(1));
        await _rig.UntilAsync(() => StateOf(account) == "Persisting");
        for (var i = 2; i <= 9; i++)
            account.Tell(new Deposit(i));
        await _rig.UntilAsync(() => System.Hierarchy().Single(report => report.Path == account.Path).Conflated == 7);
        _rig.Advance(CommitLatency);
        await _rig.ExpectAsync(probe, "deposited #1");
        await _rig.UntilAsync(() => StateOf(account) == "Persisting");
        _rig.Advance(CommitLatency);

        await _rig.ExpectAsync(probe, "deposited #2");
        Assert.Equal([(1L, 1), (2L, 9)], Stored());
    }

    [Fact]
    public async Task A_snapshot_that_cannot_be_encoded_is_told_and_keeps_nothing_from_happening()
    {
        var observer = new StopObserver();
        _rig.Options = _rig.Options with { Observer = observer };
        var (account, probe) = await StartAsync(snapshotEvery: 2);

        await DepositAsync(account, probe, -5);
        await DepositAsync(account, probe, 1);
        await _rig.UntilAsync(() => !observer.SnapshotFailures.IsEmpty);
        await DepositAsync(account, probe, 1);
        account.Tell(new Show());

        await _rig.ExpectAsync(probe, "balance -3 at #3");
        Assert.Equal("/account overdrawn", Assert.Single(observer.SnapshotFailures));
    }

    [Fact]
    public async Task Recovery_begins_from_the_newest_snapshot()
    {
        for (var i = 0; i < 3; i++)
            _journal.WriteElsewhere(IdOf("a"), AccountCodec.Instance.Encode(new Deposited(1)));
        var (account, probe) = await StartAsync(snapshotEvery: 4);
        await _rig.ExpectAsync(probe, "recovered 3 at #3");
        await DepositAsync(account, probe, 10);
        await _rig.UntilAsync(() => Advanced() && _journal.ReadSnapshot(IdOf("a")) is not null);
        Assert.Equal(4, _journal.ReadSnapshot(IdOf("a"))!.Value.SequenceNumber);
        await DepositAsync(account, probe, 20);
        ActorSystem.Stop(account);
        await _rig.UntilAsync(() => System.Hierarchy().All(report => report.Path != account.Path));

        Spawn(probe.Ref, snapshotEvery: 4);

        await _rig.ExpectAsync(probe, "recovered 33 at #5");

        bool Advanced()
        {
            _rig.Advance(CommitLatency);
            return true;
        }
    }

    [Fact]
    public async Task An_event_that_cannot_be_read_is_in_quarantine_and_the_rest_recovers()
    {
        _journal.WriteElsewhere(IdOf("a"), AccountCodec.Instance.Encode(new Deposited(1)));
        _journal.WriteElsewhere(IdOf("a"), new EventData("account.closed", 3, new byte[] { 1 }));
        _journal.WriteElsewhere(IdOf("a"), AccountCodec.Instance.Encode(new Deposited(2)));

        var (_, probe) = await StartAsync();

        await _rig.ExpectAsync(probe, "recovered 3 at #3");
        Assert.Equal(1, System.Quarantine.Count);
        Assert.Equal("account/a #2 (account.closed v3): unknown manifest", Assert.Single(System.Quarantine.Listed).Describe());
    }

    [Fact]
    public async Task An_entity_may_rather_not_start_than_miss_an_event()
    {
        var observer = new StopObserver();
        _rig.Options = _rig.Options with { Observer = observer };
        _journal.WriteElsewhere(IdOf("a"), new EventData("account.closed", 3, new byte[] { 1 }));
        var probe = new TestProbe<string>(System, "probe");

        System.Spawn(new Props<Command>(() => new Account("a", probe.Ref, rule: UnreadableEventRule.StopActor)), "account");

        await _rig.UntilAsync(() => observer.Stops.Count == 1);
        Assert.Equal("/account account/a #1 (account.closed v3): unknown manifest", Assert.Single(observer.Stops));
        Assert.Empty(probe.Received);
    }

    [Fact]
    public async Task Messages_wait_while_many_actors_recover()
    {
        const int accounts = 50;
        for (var i = 0; i < accounts; i++)
            _journal.WriteElsewhere(IdOf($"{i}"), AccountCodec.Instance.Encode(new Deposited(i)));
        var probe = new TestProbe<string>(System, "probe");

        for (var i = 0; i < accounts; i++)
        {
            var id = $"{i}";
            System.Spawn(new Props<Command>(() => new Account(id, probe.Ref)), "account-" + i).Tell(new Show());
        }

        await _rig.UntilAsync(() => probe.Received.Count == 2 * accounts);
        for (var i = 0; i < accounts; i++)
            Assert.Contains($"balance {i} at #1", probe.Received);
    }

    [Fact]
    public async Task One_scan_of_the_journal_recovers_all_entities_as_reading_each_does()
    {
        for (var i = 0; i < 30; i++)
            _journal.WriteElsewhere(IdOf($"{i % 3}"), AccountCodec.Instance.Encode(new Deposited(i)));
        _journal.WriteElsewhere("stranger/1", AccountCodec.Instance.Encode(new Deposited(1)));
        var recovered = new RecoveryScan()
            .Add<Deposited, Balance>("account/", _ => new Balance(0), (state, e) => new Balance(state.Total + e.Amount), AccountCodec.Instance)
            .Run(_journal);
        Assert.Equal((31, 31), (recovered.Events, recovered.LastOrdinal));
        Assert.Equal(["account/0", "account/1", "account/2"], recovered.PersistenceIds.AsEnumerable());
        Assert.Equal("stranger/1 #1-1: no kind of entity has this persistence id", Assert.Single(recovered.Unclaimed).Describe());
        _rig.Options = _rig.Options with { Recovered = recovered };
        var probe = new TestProbe<string>(System, "probe");

        System.Spawn(new Props<Command>(() => new Account("1", probe.Ref)), "account");

        await _rig.ExpectAsync(probe, "recovered 145 at #10");
        Assert.Equal(["account/0", "account/2"], recovered.PersistenceIds.AsEnumerable());
    }

    [Fact]
    public async Task Without_a_journal_events_are_applied_at_once()
    {
        _rig.Options = new ActorSystemOptions();
        var (account, probe) = await StartAsync();

        account.Tell(new Deposit(2, 3));
        account.Tell(new Show());

        await _rig.ExpectAsync(probe, "deposited #2", "balance 5 at #2");
    }

    [Fact]
    public async Task A_range_that_is_missing_from_the_journal_is_named_and_the_rest_recovers()
    {
        var journal = new GappyJournal(_journal, missing: 2);
        for (var i = 1; i <= 3; i++)
            _journal.WriteElsewhere(IdOf("a"), AccountCodec.Instance.Encode(new Deposited(i)));
        _rig.Options = new ActorSystemOptions { Journal = journal };

        var (_, probe) = await StartAsync();

        await _rig.ExpectAsync(probe, "recovered 4 at #3");
        Assert.Equal("account/a #2-2: missing from the journal", Assert.Single(System.Quarantine.Listed).Describe());
    }

    [Fact]
    public async Task An_event_that_another_writer_adds_while_an_entity_is_read_fences_it()
    {
        var observer = new StopObserver();
        _journal.WriteElsewhere(IdOf("a"), AccountCodec.Instance.Encode(new Deposited(1)));
        var journal = new GappyJournal(_journal, missing: 0)
        {
            AfterRead = () => _journal.WriteElsewhere(IdOf("a"), AccountCodec.Instance.Encode(new Deposited(2))),
        };
        _rig.Options = new ActorSystemOptions { Journal = journal, Observer = observer };
        var (account, probe) = await StartAsync();
        await _rig.ExpectAsync(probe, "recovered 1 at #1");

        account.Tell(new Deposit(4));
        await _rig.UntilAsync(() => StateOf(account) == "Persisting");
        _rig.Advance(CommitLatency);

        await _rig.UntilAsync(() => !observer.Stops.IsEmpty);
        Assert.Contains("fenced", Assert.Single(observer.Stops), StringComparison.Ordinal);
        Assert.Equal([(1L, 1), (2L, 2)], Stored());
        Assert.Empty(System.Quarantine.Listed);
    }

    [Fact]
    public async Task A_scan_begins_from_the_snapshot_where_the_first_events_are_gone()
    {
        for (var i = 1; i <= 3; i++)
            _journal.WriteElsewhere(IdOf("a"), AccountCodec.Instance.Encode(new Deposited(i)));
        _journal.SaveSnapshot(new StoredSnapshot(IdOf("a"), 2, AccountCodec.Instance.Encode(new Balance(50))));
        await _journal.DisposeAsync();

        var recovered = new RecoveryScan()
            .Add<Deposited, Balance>(
                "account/", _ => new Balance(0), (state, e) => new Balance(state.Total + e.Amount), AccountCodec.Instance,
                AccountCodec.Instance)
            .Run(new GappyJournal(_journal, missing: 1));

        var entity = recovered.Peek(IdOf("a"))!;
        Assert.Equal((new Balance(53), 3, 2), ((Balance)entity.State, entity.SequenceNumber, entity.SnapshotSequenceNumber));
        Assert.Empty(entity.Quarantined);
    }

    [Fact]
    public async Task A_journal_that_cannot_be_read_is_tried_again()
    {
        var journal = new GappyJournal(_journal, missing: 0) { Broken = true };
        _rig.Options = new ActorSystemOptions { Journal = journal };
        var probe = new TestProbe<string>(System, "probe");
        var account = Spawn(probe.Ref, new SupervisionPolicy { MinBackoff = CommitLatency });
        await _rig.UntilAsync(() => StateOf(account) == "Suspended");

        journal.Broken = false;
        _rig.Advance(CommitLatency);

        await _rig.ExpectAsync(probe, "recovered 0 at #0");
    }

    [Fact]
    public async Task A_journal_that_cannot_be_read_for_long_ends_nobody()
    {
        const int Restarts = 2;
        var journal = new GappyJournal(_journal, missing: 0) { Broken = true };
        var observer = new StopObserver();
        _rig.Options = new ActorSystemOptions { Journal = journal, Observer = observer };
        var probe = new TestProbe<string>(System, "probe");
        var account = Spawn(probe.Ref, new SupervisionPolicy { MinBackoff = CommitLatency, MaxBackoff = CommitLatency, MaxRestarts = Restarts });
        account.Tell(new Show());
        for (var failed = 1; failed <= 3 * Restarts; failed++)
        {
            await _rig.UntilAsync(() => journal.Refused == failed && StateOf(account) == "Suspended");
            if (failed == 3 * Restarts)
                journal.Broken = false;
            _rig.Advance(CommitLatency);
        }

        await _rig.ExpectAsync(probe, "recovered 0 at #0", "balance 0 at #0");
        Assert.Empty(observer.Stops);
        Assert.Equal(3 * Restarts, observer.RecoveryFailures.Count);
        Assert.Equal(0, Assert.Single(System.Hierarchy(), report => report.Path == account.Path).Restarts);
    }

    private async Task<(ActorRef<Command> Account, TestProbe<string> Probe)> StartAsync(
        SupervisionPolicy? supervision = null, MailboxOptions<Command>? mailbox = null, int snapshotEvery = 1_000)
    {
        var probe = new TestProbe<string>(System, "probe");
        var account = Spawn(probe.Ref, supervision, mailbox, snapshotEvery);
        if (_journal.Count == 0)
            await _rig.ExpectAsync(probe, "recovered 0 at #0");
        return (account, probe);
    }

    private ActorRef<Command> Spawn(
        ActorRef<string> tells, SupervisionPolicy? supervision = null, MailboxOptions<Command>? mailbox = null, int snapshotEvery = 1_000)
    {
        var props = new Props<Command>(() => new Account("a", tells, snapshotEvery));
        return System.Spawn(
            props with { Supervision = supervision ?? props.Supervision, Mailbox = mailbox ?? props.Mailbox }, "account");
    }

    private async Task DepositAsync(ActorRef<Command> account, TestProbe<string> probe, int amount)
    {
        var last = _journal.HighestSequenceNumber(IdOf("a"));
        account.Tell(new Deposit(amount));
        await _rig.UntilAsync(() => StateOf(account) == "Persisting");
        _rig.Advance(CommitLatency);
        await _rig.ExpectAsync(probe, $"deposited #{last + 1}");
    }

    private string StateOf(ActorRef actor) => System.Hierarchy().Single(report => report.Path == actor.Path).State;

    private IEnumerable<(long SequenceNumber, int Amount)> Stored()
    {
        foreach (var stored in _journal.Read(IdOf("a"), 0))
        {
            Assert.True(AccountCodec.Instance.TryDecode(stored.Data, out Deposited? deposited, out _));
            yield return (stored.SequenceNumber, deposited.Amount);
        }
    }

    /// <summary>A journal that lost one event of each entity, or cannot be read at all.</summary>
    private sealed class GappyJournal(InMemoryJournal journal, long missing) : IJournal
    {
        private volatile bool _broken;
        private int _refused;

        internal bool Broken { get => _broken; set => _broken = value; }

        internal int Refused => Volatile.Read(ref _refused);

        /// <summary>Happens once, when all events of an entity were read.</summary>
        internal Action? AfterRead { get; set; }

        public void Append(AppendRequest request) => journal.Append(request);

        public void SaveSnapshot(StoredSnapshot snapshot) => journal.SaveSnapshot(snapshot);

        public StoredSnapshot? ReadSnapshot(string persistenceId) => journal.ReadSnapshot(persistenceId);

        public IEnumerable<StoredEvent> Read(string persistenceId, long afterSequenceNumber)
        {
            if (Broken)
            {
                Interlocked.Increment(ref _refused);
                throw new IOException("the disk is gone");
            }

            StoredEvent[] found = [.. journal.Read(persistenceId, afterSequenceNumber).Where(stored => stored.SequenceNumber != missing)];
            var after = AfterRead;
            AfterRead = null;
            after?.Invoke();
            return found;
        }

        public IEnumerable<StoredEvent> ReadAll(long afterOrdinal) =>
            journal.ReadAll(afterOrdinal).Where(stored => stored.SequenceNumber != missing);

        public long HighestSequenceNumber(string persistenceId) => journal.HighestSequenceNumber(persistenceId);

        public ValueTask DisposeAsync() => journal.DisposeAsync();
    }

    private sealed class LatestDeposit : IConflation<Command, int>
    {
        public bool TryGetKey(Command message, out int key)
        {
            key = 0;
            return message is Deposit;
        }

        public Command Merge(Command waiting, Command arrived) => arrived;
    }
}
