using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using QTrade.Actors.EventSourcing;
using QTrade.Actors.Journal;
using QTrade.Node.Journal;
using QTrade.Shared.Journal;

namespace QTrade.Node.Tests.Journal;

public sealed partial class JournalDamageSpecs : IDisposable
{
    private const byte TableLeaf = 0x0D;
    private const int Entities = 7;
    private const int PerEntity = 500;

    private readonly JournalFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    public enum Damage
    {
        Zeros,
        Noise,
    }

    [Theory]
    [InlineData(Damage.Zeros)]
    [InlineData(Damage.Noise)]
    public async Task Damaged_page_of_events_costs_its_own_events_and_is_named_by_range(Damage damage)
    {
        await WriteAsync();
        byte[] file = File.ReadAllBytes(_folder.File);
        int page = PagesWithEvents(file).ElementAt(20);
        long[] lost = OrdinalsIn(file, page);
        Overwrite(page, damage);

        await using SqliteJournal journal = _folder.Open();
        long[] read = [.. journal.ReadAll(0).Select(stored => stored.Ordinal)];

        Assert.Equal(AllOrdinals.Except(lost), read);
        JournalLoss loss = Assert.Single(journal.Losses);
        Assert.Equal((lost[0], lost[^1]), (loss.FromOrdinal, loss.ToOrdinal));
        Assert.Equal(lost.Length, loss.Events.Sum(events => events.ToSequenceNumber - events.FromSequenceNumber + 1));
        Assert.Equal(lost.Select(EntityOf).Distinct().Order(), loss.Events.Select(events => events.PersistenceId).Order());
        Assert.Equal(lost.Length, journal.Metrics.Lost);

        Assert.Equal(read, journal.ReadAll(0).Select(stored => stored.Ordinal));
        Assert.Equal(lost.Length, journal.Metrics.Lost);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Log_that_outlived_its_file_is_no_first_start(bool deleted)
    {
        using var killed = new JournalFolder();
        await CopyOfKilledAsync(killed, 1);
        if (deleted) File.Delete(killed.File);
        else File.WriteAllBytes(killed.File, []);
        byte[] log = File.ReadAllBytes(killed.File + "-wal");

        Assert.Contains("-wal still holds events", killed.Refusal(), StringComparison.Ordinal);
        Assert.Equal(log, File.ReadAllBytes(killed.File + "-wal"));
    }

    [Theory]
    [InlineData(0.0)]
    [InlineData(0.3)]
    [InlineData(0.7)]
    public async Task Damage_in_the_middle_of_the_log_does_not_end_it(double at)
    {
        using var killed = new JournalFolder();
        await CopyOfKilledAsync(killed, 100);
        byte[] log = File.ReadAllBytes(killed.File + "-wal");
        byte[] noise = new byte[300];
        new Random(7).NextBytes(noise);
        noise.CopyTo(log, (int)(at * log.Length));
        File.WriteAllBytes(killed.File + "-wal", log);

        await using SqliteJournal again = killed.Open();

        Assert.Equal(Enumerable.Range(1, 100).Select(i => $"a{i}"), again.Read("a", 0).Select(AppendProbe.Text));
        Assert.Empty(again.Losses);
        Assert.Contains(Directory.GetFiles(killed.Path), file => file.Contains("damaged", StringComparison.Ordinal));
        Assert.DoesNotContain(Directory.GetFiles(killed.Path), file => file.Contains("whole", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_last_commit_that_was_cut_off_is_no_damage()
    {
        using var killed = new JournalFolder();
        await CopyOfKilledAsync(killed, 20);
        byte[] log = File.ReadAllBytes(killed.File + "-wal");
        log[^1] ^= 1;
        File.WriteAllBytes(killed.File + "-wal", log);

        await using SqliteJournal again = killed.Open();

        Assert.Equal(Enumerable.Range(1, 19).Select(i => $"a{i}"), again.Read("a", 0).Select(AppendProbe.Text));
        Assert.DoesNotContain(Directory.GetFiles(killed.Path), file => file.Contains("damaged", StringComparison.Ordinal));
    }

    /// <summary>The files as a node leaves them that is killed after so many commits.</summary>
    private async Task CopyOfKilledAsync(JournalFolder killed, int commits)
    {
        await using SqliteJournal journal = _folder.Open();
        for (int i = 1; i <= commits; i++)
        {
            AppendProbe probe = AppendProbe.Of("a", i, $"a{i}");
            journal.Append(probe);
            await probe.Ended;
        }
        foreach (string suffix in (string[])["", "-wal"]) File.Copy(_folder.File + suffix, killed.File + suffix);
    }

    [Fact]
    public async Task One_entity_reads_past_the_damage_and_can_go_on()
    {
        await WriteAsync();
        byte[] file = File.ReadAllBytes(_folder.File);
        int page = PagesWithEvents(file).ElementAt(20);
        long[] lost = OrdinalsIn(file, page);
        Overwrite(page, Damage.Noise);

        await using SqliteJournal journal = _folder.Open();

        Assert.Equal(AllOrdinals.Except(lost).Where(ordinal => EntityOf(ordinal) == "e3"), journal.Read("e3", 0).Select(stored => stored.Ordinal));
        Assert.Equal([PerEntity], journal.Read("e3", PerEntity - 1).Select(stored => stored.SequenceNumber));
        AppendProbe next = AppendProbe.Of("e3", PerEntity + 1, "next");
        journal.Append(next);
        Assert.Equal(AppendStatus.Committed, await next.Ended);
    }

    [Fact]
    public async Task Byte_that_changed_within_an_event_does_not_pass_for_a_fact()
    {
        await WriteAsync();
        byte[] file = File.ReadAllBytes(_folder.File);
        byte[] marker = Encoding.UTF8.GetBytes(TextOf(1_500));
        int at = file.AsSpan().IndexOf(marker);
        using (FileStream stream = File.OpenWrite(_folder.File))
        {
            stream.Position = at + marker.Length - 1;
            stream.WriteByte((byte)'!');
        }

        await using SqliteJournal journal = _folder.Open();

        Assert.Equal(AllOrdinals.Where(ordinal => ordinal != 1_500), journal.ReadAll(0).Select(stored => stored.Ordinal));
        JournalLoss loss = Assert.Single(journal.Losses);
        Assert.Equal((1_500, 1_500), (loss.FromOrdinal, loss.ToOrdinal));
        LostEvents lost = Assert.Single(loss.Events);
        Assert.Equal((EntityOf(1_500), SequenceOf(1_500), SequenceOf(1_500)), (lost.PersistenceId, lost.FromSequenceNumber, lost.ToSequenceNumber));
    }

    [Theory]
    [InlineData(Damage.Zeros)]
    [InlineData(Damage.Noise)]
    public async Task Whichever_page_is_damaged_every_event_outside_it_is_recovered_and_the_journal_goes_on(Damage damage)
    {
        await WriteAsync();
        byte[] file = File.ReadAllBytes(_folder.File);
        for (int page = 0; page < file.Length / JournalSchema.PageBytes; page++)
        {
            File.WriteAllBytes(_folder.File, file);
            Overwrite(page, damage);
            HashSet<long> lost = [.. OrdinalsIn(file, page)];

            await using SqliteJournal journal = _folder.Open();

            long[] read = [.. journal.ReadAll(0).Select(stored => stored.Ordinal)];
            Assert.True(AllOrdinals.Where(ordinal => !lost.Contains(ordinal)).SequenceEqual(read), $"page {page}: {read.Length} events are left");
            Assert.Equal(lost.Count, journal.Losses.Sum(loss => loss.ToOrdinal - loss.FromOrdinal + 1));
            Assert.Equal(PerEntity, journal.HighestSequenceNumber("e3"));
            AppendProbe next = AppendProbe.Of("e3", PerEntity + 1, "next");
            journal.Append(next);
            Assert.Equal(AppendStatus.Committed, await next.Ended);
            Assert.Equal("next", AppendProbe.Text(journal.ReadAll(AllOrdinals.Last()).Single()));
        }
    }

    [Fact]
    public async Task Entities_that_lost_their_last_events_recover_behind_them_and_can_append()
    {
        await WriteAsync();
        byte[] file = File.ReadAllBytes(_folder.File);
        int page = PagesWithEvents(file).MaxBy(page => OrdinalsIn(file, page)[^1]);
        Assert.Equal(AllOrdinals.Last(), OrdinalsIn(file, page)[^1]);
        Overwrite(page, Damage.Noise);

        await using SqliteJournal journal = _folder.Open();
        RecoveredEntities entities = new RecoveryScan()
            .Add("e", _ => 0, (int count, string _) => count + 1, new TextCodec())
            .Run(journal);

        RecoveredEntity recovered = entities.Peek("e3")!;
        Assert.Equal(PerEntity, recovered.SequenceNumber);
        Assert.InRange((int)recovered.State, 1, PerEntity - 1);
        QuarantinedEvent missing = Assert.Single(recovered.Quarantined);
        Assert.Equal((int)recovered.State, PerEntity - (missing.LastSequenceNumber - missing.FirstSequenceNumber + 1));
        AppendProbe next = AppendProbe.Of("e3", recovered.SequenceNumber + 1, "next");
        journal.Append(next);
        Assert.Equal(AppendStatus.Committed, await next.Ended);
    }

    [Fact]
    public async Task Snapshots_outlive_a_damage_when_retention_dropped_every_event()
    {
        await using (SqliteJournal journal = _folder.Open())
        {
            AppendProbe probe = AppendProbe.Of("a", 1, "1", "2");
            journal.Append(probe);
            await probe.Ended;
            journal.SaveSnapshot(new StoredSnapshot("a", 2, AppendProbe.Event("state")));
            AppendProbe behind = AppendProbe.Of("a", 3, "3");
            journal.Append(behind);
            await behind.Ended;
            journal.SaveSnapshot(new StoredSnapshot("a", 3, AppendProbe.Event("state")));
            await journal.DisposeAsync();
        }
        _folder.Execute("DELETE FROM events; UPDATE heads SET trimmed = 3");
        Overwrite(0, Damage.Noise);

        await using SqliteJournal rebuilt = _folder.Open();

        Assert.Equal(3, rebuilt.ReadSnapshot("a")?.SequenceNumber);
        Assert.Equal(3, rebuilt.HighestSequenceNumber("a"));
    }

    [Fact]
    public async Task Journal_cut_off_keeps_what_is_left()
    {
        await WriteAsync();
        byte[] file = File.ReadAllBytes(_folder.File);
        int pages = file.Length / JournalSchema.PageBytes;
        File.WriteAllBytes(_folder.File, file[..(pages / 2 * JournalSchema.PageBytes)]);
        long[] left = [.. Enumerable.Range(0, pages / 2).SelectMany(page => OrdinalsIn(file, page)).Order()];

        await using SqliteJournal journal = _folder.Open();

        Assert.NotEmpty(left);
        Assert.Equal(left, journal.ReadAll(0).Select(stored => stored.Ordinal));
        Assert.NotEmpty(journal.Losses);
        Assert.Contains(Directory.GetFiles(_folder.Path), kept => kept.Contains("damaged-20260101", StringComparison.Ordinal));
    }

    /// <summary>A start that ends while it puts a rebuilt journal in place leaves it beside the place, with the damaged one still there or gone already.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Journal_whose_rebuilding_was_interrupted_is_put_in_place_by_the_next_start(bool isDamagedOneThere)
    {
        await WriteAsync();
        byte[] file = File.ReadAllBytes(_folder.File);
        File.WriteAllBytes(_folder.File + ".ready", file);
        if (isDamagedOneThere)
            File.WriteAllBytes(_folder.File, file[..(file.Length / 2)]);
        else
            File.Delete(_folder.File);
        File.WriteAllText(_folder.File + ".rebuild", "rebuilt");

        await using SqliteJournal journal = _folder.Open();

        Assert.Equal(AllOrdinals, journal.ReadAll(0).Select(stored => stored.Ordinal));
        Assert.Empty(journal.Losses);
        Assert.False(File.Exists(_folder.File + ".ready"));
        Assert.Equal(isDamagedOneThere, Directory.GetFiles(_folder.Path).Any(kept => kept.EndsWith("-interrupted", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Journal_that_was_put_there_since_stays()
    {
        await WriteAsync();
        File.WriteAllBytes(_folder.File + ".ready", [1, 2, 3]);

        await using SqliteJournal journal = _folder.Open();

        Assert.Equal(AllOrdinals, journal.ReadAll(0).Select(stored => stored.Ordinal));
    }

    private sealed class TextCodec : IEventCodec<string>
    {
        public EventData Encode(string value) => AppendProbe.Event(value);

        public bool TryDecode(EventData data, [MaybeNullWhen(false)] out string value, [NotNullWhen(false)] out string? reason)
        {
            reason = null;
            value = Encoding.UTF8.GetString(data.Payload.Span);
            return true;
        }
    }

    private static IEnumerable<long> AllOrdinals => Enumerable.Range(1, Entities * PerEntity).Select(i => (long)i);

    private static string EntityOf(long ordinal) => $"e{(ordinal - 1) % Entities}";

    private static long SequenceOf(long ordinal) => ((ordinal - 1) / Entities) + 1;

    private static string TextOf(long ordinal) => $"<ordinal {ordinal:D6} with a text that takes some room>";

    private async Task WriteAsync()
    {
        await using SqliteJournal journal = _folder.Open();
        AppendProbe[] probes =
            [.. AllOrdinals.Select(ordinal => AppendProbe.Of(EntityOf(ordinal), SequenceOf(ordinal), TextOf(ordinal)))];
        foreach (AppendProbe probe in probes) journal.Append(probe);
        AppendStatus[] ended = await Task.WhenAll(probes.Select(probe => probe.Ended));
        Assert.All(ended, status => Assert.Equal(AppendStatus.Committed, status));
    }

    private void Overwrite(int page, Damage damage)
    {
        byte[] bytes = new byte[JournalSchema.PageBytes];
        if (damage == Damage.Noise) new Random(7).NextBytes(bytes);
        using FileStream stream = File.OpenWrite(_folder.File);
        stream.Position = (long)page * JournalSchema.PageBytes;
        stream.Write(bytes);
    }

    private static IEnumerable<int> PagesWithEvents(byte[] file) =>
        Enumerable.Range(0, file.Length / JournalSchema.PageBytes).Where(page => OrdinalsIn(file, page).Length > 0);

    /// <summary>The events that lie on a page; other pages than leaves may still hold texts that moved away.</summary>
    private static long[] OrdinalsIn(byte[] file, int page)
    {
        if (file[page * JournalSchema.PageBytes] != TableLeaf) return [];
        string text = Encoding.Latin1.GetString(file, page * JournalSchema.PageBytes, JournalSchema.PageBytes);
        return [.. Marker().Matches(text).Select(match => long.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture)).Order()];
    }

    [GeneratedRegex("<ordinal ([0-9]{6}) ")]
    private static partial Regex Marker();
}
