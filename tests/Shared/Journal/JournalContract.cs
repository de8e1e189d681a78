using System.Text;
using QTrade.Actors.Journal;
using QTrade.Shared.Contracts;
using Xunit;

namespace QTrade.Shared.Journal;

/// <summary>What every journal does, whatever it is made of. An implementation's specs derive from it and say how one is opened.</summary>
public abstract class JournalContract : IAsyncLifetime
{
    private IJournal? _journal;

    /// <summary>The journal under test.</summary>
    protected IJournal Journal => _journal ?? throw new InvalidOperationException("the journal is not open");

    /// <summary>Opens the journal of this spec; what an earlier opening made durable is there.</summary>
    protected abstract IJournal Open();

    /// <inheritdoc/>
    public Task InitializeAsync()
    {
        _journal = Open();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task DisposeAsync() => Journal.DisposeAsync().AsTask();

    [ContractFact]
    public async Task Events_come_back_as_they_were_written()
    {
        byte[] payload = [0, 1, 2, 254, 255];
        var probe = new AppendProbe("pool/a", 1, new EventData("pool.seen", 3, payload), new EventData("pool.empty", 1, default));

        Assert.Equal(AppendStatus.Committed, await AppendAsync(probe));

        StoredEvent[] stored = [.. Journal.Read("pool/a", 0)];
        Assert.Equal(2, stored.Length);
        Assert.Equal(("pool/a", 1L, "pool.seen", 3), (stored[0].PersistenceId, stored[0].SequenceNumber, stored[0].Data.Manifest, stored[0].Data.Version));
        Assert.Equal(payload, stored[0].Data.Payload.ToArray());
        Assert.Equal((2L, "pool.empty", 0), (stored[1].SequenceNumber, stored[1].Data.Manifest, stored[1].Data.Payload.Length));
    }

    [ContractFact]
    public async Task Reading_after_a_sequence_number_starts_behind_it()
    {
        await AppendAsync(AppendProbe.Of("a", 1, "1", "2", "3"));
        await AppendAsync(AppendProbe.Of("b", 1, "other"));
        await AppendAsync(AppendProbe.Of("a", 4, "4"));

        Assert.Equal(["3", "4"], Journal.Read("a", 2).Select(AppendProbe.Text));
        Assert.Empty(Journal.Read("a", 4));
        Assert.Empty(Journal.Read("a", 99));
        Assert.Empty(Journal.Read("unknown", 0));
    }

    [ContractFact]
    public async Task Global_order_is_commit_order_and_can_be_read_from_the_middle()
    {
        await AppendAsync(AppendProbe.Of("a", 1, "a1"));
        await AppendAsync(AppendProbe.Of("b", 1, "b1", "b2"));
        await AppendAsync(AppendProbe.Of("a", 2, "a2"));

        StoredEvent[] all = [.. Journal.ReadAll(0)];

        Assert.Equal(["a1", "b1", "b2", "a2"], all.Select(AppendProbe.Text));
        Assert.True(all[0].Ordinal >= 1);
        Assert.Equal(all.Select(stored => stored.Ordinal).Distinct().Order(), all.Select(stored => stored.Ordinal));
        Assert.Equal(["b2", "a2"], Journal.ReadAll(all[1].Ordinal).Select(AppendProbe.Text));
        Assert.Empty(Journal.ReadAll(all[^1].Ordinal));
    }

    [ContractFact]
    public async Task Entities_without_an_event_after_an_ordinal_are_found_by_how_their_names_begin()
    {
        Assert.Equal(0, Journal.LastOrdinal);
        foreach (string name in (string[])["pool/a", "pool/b", "pool", "pool0", "pools/c", "pool/é"]) await AppendAsync(AppendProbe.Of(name, 1, "1"));
        long ordinal = Journal.LastOrdinal;
        await AppendAsync(AppendProbe.Of("pool/b", 2, "2"));

        Assert.Equal(["pool/a", "pool/é"], Journal.QuietSince("pool/", ordinal));
        Assert.Equal(["pool/a", "pool/b", "pool/é"], Journal.QuietSince("pool/", Journal.LastOrdinal));
        Assert.Equal(Journal.ReadAll(0).Last().Ordinal, Journal.LastOrdinal);
        Assert.Empty(Journal.QuietSince("pool/", 0));
    }

    [ContractFact]
    public async Task Events_beyond_the_snapshots_are_counted_by_how_the_names_of_their_entities_begin()
    {
        Assert.Equal(0, Journal.EventsBeyondSnapshots("pool/"));
        await AppendAsync(AppendProbe.Of("pool/a", 1, "1", "2", "3"));
        await AppendAsync(AppendProbe.Of("pool/b", 1, "1", "2"));
        await AppendAsync(AppendProbe.Of("pools/c", 1, "1"));
        Assert.Equal(5, Journal.EventsBeyondSnapshots("pool/"));

        Journal.SaveSnapshot(Snapshot("pool/a", 2, "two"));
        await AppendAsync(AppendProbe.Of("pool/b", 3, "3"));

        Assert.Equal(4, Journal.EventsBeyondSnapshots("pool/"));
        Assert.Equal(5, Journal.EventsBeyondSnapshots("pool"));
    }

    [ContractFact]
    public async Task Highest_sequence_number_is_that_of_the_last_durable_event()
    {
        Assert.Equal(0, Journal.HighestSequenceNumber("a"));
        await AppendAsync(AppendProbe.Of("a", 1, "1", "2"));
        Assert.Equal(2, Journal.HighestSequenceNumber("a"));
        Assert.Equal(0, Journal.HighestSequenceNumber("A"));
    }

    [ContractFact]
    public Task Append_of_what_is_there_already_is_a_conflict_and_writes_nothing() => RefuseAsync(firstSequenceNumber: 1);

    [ContractFact]
    public Task Append_that_overlaps_what_is_there_is_a_conflict_and_writes_nothing() => RefuseAsync(firstSequenceNumber: 2);

    [ContractFact]
    public Task Append_behind_a_gap_is_a_conflict_and_writes_nothing() => RefuseAsync(firstSequenceNumber: 4);

    private async Task RefuseAsync(long firstSequenceNumber)
    {
        await AppendAsync(AppendProbe.Of("a", 1, "1", "2"));

        AppendProbe late = AppendProbe.Of("a", firstSequenceNumber, "x", "y");

        Assert.Equal(AppendStatus.Conflict, await AppendAsync(late));
        Assert.Contains('a', late.Error!);
        Assert.Equal(["1", "2"], Journal.ReadAll(0).Select(AppendProbe.Text));
        Assert.Equal(AppendStatus.Committed, await AppendAsync(AppendProbe.Of("a", 3, "3")));
    }

    [ContractFact]
    public async Task First_append_of_an_entity_must_be_its_first_event()
    {
        Assert.Equal(AppendStatus.Conflict, await AppendAsync(AppendProbe.Of("new", 2, "2")));
        Assert.Equal(0, Journal.HighestSequenceNumber("new"));
    }

    [ContractFact]
    public async Task Conflict_leaves_the_other_appends_of_its_group_alone()
    {
        AppendProbe[] probes = [.. Enumerable.Range(0, 100).Select(i => AppendProbe.Of($"e{i}", i % 2 == 0 ? 1 : 7, "x"))];

        foreach (AppendProbe probe in probes) Journal.Append(probe);
        AppendStatus[] ended = await Task.WhenAll(probes.Select(probe => probe.Ended));

        Assert.Equal(Enumerable.Range(0, 100).Select(i => i % 2 == 0 ? AppendStatus.Committed : AppendStatus.Conflict), ended);
        Assert.Equal(50, Journal.ReadAll(0).Count());
    }

    [ContractFact]
    public async Task Of_two_writers_of_one_entity_one_wins_each_number()
    {
        AppendProbe[] probes = [.. Enumerable.Range(0, 20).Select(i => AppendProbe.Of("a", 1, $"{i}"))];

        foreach (AppendProbe probe in probes) Journal.Append(probe);
        AppendStatus[] ended = await Task.WhenAll(probes.Select(probe => probe.Ended));

        Assert.Single(ended, AppendStatus.Committed);
        Assert.Single(Journal.Read("a", 0));
    }

    [ContractFact]
    public async Task Many_writers_keep_their_own_order_within_the_global_one()
    {
        const int Writers = 50, Appends = 40;
        await Task.WhenAll(Enumerable.Range(0, Writers).Select(writer => Task.Run(() => WriteAsync(writer))));

        var next = new Dictionary<string, long>();
        foreach (StoredEvent stored in Journal.ReadAll(0))
        {
            long expected = next.GetValueOrDefault(stored.PersistenceId) + 1;
            Assert.Equal(expected, stored.SequenceNumber);
            Assert.Equal($"{stored.PersistenceId}#{expected}", AppendProbe.Text(stored));
            next[stored.PersistenceId] = expected;
        }
        Assert.Equal(Writers, next.Count);
        Assert.All(next.Values, highest => Assert.Equal(Appends, highest));

        async Task WriteAsync(int writer)
        {
            for (int i = 1; i <= Appends; i++)
                Assert.Equal(AppendStatus.Committed, await AppendAsync(AppendProbe.Of($"w{writer}", i, $"w{writer}#{i}")));
        }
    }

    [ContractFact]
    public async Task Reading_sees_the_journal_of_its_beginning_while_appends_go_on()
    {
        await AppendAsync(AppendProbe.Of("a", 1, "1", "2", "3"));
        using IEnumerator<StoredEvent> reading = Journal.ReadAll(0).GetEnumerator();
        Assert.True(reading.MoveNext());

        Assert.Equal(AppendStatus.Committed, await AppendAsync(AppendProbe.Of("a", 4, "4")));

        Assert.Equal("1", AppendProbe.Text(reading.Current));
        Assert.True(reading.MoveNext());
        Assert.True(reading.MoveNext());
        Assert.Equal("3", AppendProbe.Text(reading.Current));
    }

    [ContractFact]
    public async Task Snapshot_of_an_entity_is_its_newest()
    {
        await AppendAsync(AppendProbe.Of("a", 1, "1", "2", "3"));
        Assert.Null(Journal.ReadSnapshot("a"));

        Journal.SaveSnapshot(Snapshot("a", 1, "one"));
        Journal.SaveSnapshot(Snapshot("a", 3, "three"));
        Journal.SaveSnapshot(Snapshot("a", 2, "two"));
        await AppendAsync(AppendProbe.Of("b", 1, "behind the snapshots"));

        StoredSnapshot? snapshot = Journal.ReadSnapshot("a");
        Assert.Equal(("a", 3L, "spec.state", 2), (snapshot?.PersistenceId, snapshot?.SequenceNumber, snapshot?.State.Manifest, snapshot?.State.Version));
        Assert.Equal("three", Encoding.UTF8.GetString(snapshot!.Value.State.Payload.Span));
        Assert.Null(Journal.ReadSnapshot("b"));
        Assert.Null(Journal.ReadSnapshot("unknown"));
    }

    [ContractFact]
    public async Task Closing_and_opening_again_keeps_events_order_and_snapshots()
    {
        await AppendAsync(AppendProbe.Of("a", 1, "a1", "a2"));
        await AppendAsync(AppendProbe.Of("b", 1, "b1"));
        Journal.SaveSnapshot(Snapshot("a", 2, "two"));
        await Journal.DisposeAsync();

        _journal = Open();
        long last = Journal.ReadAll(0).Last().Ordinal;
        Assert.Equal(AppendStatus.Conflict, await AppendAsync(AppendProbe.Of("a", 2, "again")));
        Assert.Equal(AppendStatus.Committed, await AppendAsync(AppendProbe.Of("a", 3, "a3")));

        Assert.Equal(["a1", "a2", "b1", "a3"], Journal.ReadAll(0).Select(AppendProbe.Text));
        Assert.True(Journal.ReadAll(0).Last().Ordinal > last);
        Assert.Equal(["a1", "a2", "a3"], Journal.Read("a", 0).Select(AppendProbe.Text));
        Assert.Equal(2, Journal.ReadSnapshot("a")?.SequenceNumber);
    }

    [ContractFact]
    public async Task Closing_ends_every_append_once()
    {
        AppendProbe[] probes = [.. Enumerable.Range(0, 200).Select(i => AppendProbe.Of($"e{i}", 1, "x"))];
        foreach (AppendProbe probe in probes) Journal.Append(probe);

        await Journal.DisposeAsync();

        AppendStatus[] ended = await Task.WhenAll(probes.Select(probe => probe.Ended));
        Assert.All(probes, probe => Assert.Equal(1, probe.Completions));
        _journal = Open();
        Assert.Equal(ended.Count(status => status == AppendStatus.Committed), Journal.ReadAll(0).Count());
    }

    /// <summary>Appends and waits for the end.</summary>
    protected Task<AppendStatus> AppendAsync(AppendProbe probe)
    {
        Journal.Append(probe);
        return probe.Ended;
    }

    /// <summary>A snapshot whose state is the text.</summary>
    protected static StoredSnapshot Snapshot(string persistenceId, long sequenceNumber, string text) =>
        new(persistenceId, sequenceNumber, new EventData("spec.state", 2, Encoding.UTF8.GetBytes(text)));
}
