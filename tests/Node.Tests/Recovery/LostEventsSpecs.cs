using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using QTrade.Messages;
using QTrade.Messages.Execution;
using QTrade.Messages.Routing;
using QTrade.Messages.Wire;
using QTrade.Node.Journal;
using QTrade.Node.Tests.EndToEnd;
using QTrade.Node.Tests.Simulation;
using QTrade.Node.Tests.Verbs;
using QTrade.Node.Verbs;
using QTrade.Trading.Routing;

namespace QTrade.Node.Tests.Recovery;

/// <summary>A journal that lost events of router, executor or trades costs what they said, and nothing more.</summary>
public sealed class LostEventsSpecs
{
    [Fact]
    public void Whatever_the_router_lost_every_snapshot_ends_once_and_no_id_is_used_again()
    {
        var events = RouterEventsOfARun();
        Assert.InRange(events.Length, 100, 100_000);
        const int Seed = 20261122;
        var random = new Random(Seed);
        for (var gap = 0; gap < 400; gap++)
        {
            var first = random.Next(events.Length);
            var lost = Math.Min(1 + random.Next(12), events.Length - first);
            var where = $"seed {Seed}: events {first + 1} to {first + lost} lost";
            var left = events.RemoveRange(first, lost).Aggregate(RouterState.Initial, RouterJournal.Apply);
            Assert.True(left.Snapshots.Difference == 0 && left.Routes.Difference == 0, where);

            var started = RouterRules.Start(left, DateTimeOffset.UnixEpoch, lost: lost).ToImmutableArray();
            var after = started.Aggregate(left, RouterJournal.Apply);

            Assert.True(after.Snapshots.Difference == 0 && after.Routes.Difference == 0, where);
            Assert.True(after.Undecided.IsEmpty, where);
            Assert.True(after.Snapshots.InFlight.SetEquals(after.Open.Keys), where);
            Assert.True(after.Open.Values.All(solution => !solution.Remaining.IsEmpty), where);
            Assert.True(after.Routes.InFlight.SetEquals(after.Open.Values.SelectMany(TradesOf)), where);
            Assert.True(after.Withheld.Values.SelectMany(pool => pool.Live).All(after.Routes.InFlight.Contains), where);
            Assert.True(after.Epoch > events.OfType<EpochStarted>().Max(epoch => epoch.Epoch), where);
            var ended = started.OfType<SnapshotEnded>().Select(end => end.SnapshotId).ToArray();
            Assert.True(ended.Distinct().Count() == ended.Length, where);
        }
    }

    [Fact]
    public async Task A_node_trades_on_behind_a_damaged_page_of_decisions_and_trades()
    {
        using var program = new ProgramRun();
        string[] run = ["run", "--market", "samples/five-pools.json", "--rate", "200", "--json"];
        var first = await program.RunAsync([.. run, "--for", "4s"]);
        Assert.Equal(ExitCode.Done, first.ExitCode);
        DamageAPageWithin(Path.Combine(program.Folder, "data", "journal.db"));

        var second = await program.RunAsync([.. run, "--for", "4s"]);
        var third = await program.RunAsync([.. run, "--for", "1s"]);

        Assert.Equal((ExitCode.Done, ExitCode.Done), (second.ExitCode, third.ExitCode));
        Assert.Equal(1, second.Error.Split('\n').Count(line => line.Contains("router ", StringComparison.Ordinal)));
        using var before = Last(first);
        using var after = Last(second);
        using var again = Last(third);
        Assert.Equal("ACTIVE", Text(after, "tradingState"));
        Assert.True(Number(after, "snapshots", "handedOut") > Number(before, "snapshots", "handedOut"), "the node hands out no snapshots any more");
        Assert.True(Number(after, "executed") > Number(before, "executed"), "the node does not trade any more");
        foreach (var status in new[] { after, again })
        {
            Assert.Equal((0, 0), (Number(status, "snapshots", "difference"), Number(status, "routes", "difference")));
            Assert.Equal((0, 0), (Number(status, "snapshots", "inFlight"), Number(status, "routes", "inFlight")));
        }

        Assert.InRange(Number(after, "faults"), 1, 50);
    }

    [Fact]
    public async Task A_node_whose_executor_lost_its_last_events_is_halted_until_it_is_resumed()
    {
        using var program = new ProgramRun();
        string[] run = ["run", "--market", "samples/five-pools.json", "--rate", "200", "--json"];
        await program.RunAsync([.. run, "--for", "3s"]);
        ForgetWhatFollowsOfTheExecutor(Path.Combine(program.Folder, "data", "journal.db"));

        var halted = await program.RunAsync([.. run, "--for", "2s"]);
        var resumed = await program.RunAsync([.. run, "--for", "3s", "--resume"]);

        using var before = Last(halted);
        using var after = Last(resumed);
        Assert.Equal("HALTED", Text(before, "tradingState"));
        Assert.Contains(nameof(ReasonCode.EventsLost), Text(before, "tradingStateReason"), StringComparison.Ordinal);
        Assert.Contains("--resume", halted.Error, StringComparison.Ordinal);
        Assert.Equal("ACTIVE", Text(after, "tradingState"));
        Assert.True(Number(after, "executed") > Number(before, "executed"), "the node does not trade again");
        Assert.Equal(0, Number(after, "snapshots", "difference"));
    }

    private static IEnumerable<TradeId> TradesOf(OpenSolution solution) =>
        solution.Remaining.Select(route => TradeId.Of(solution.SnapshotId, route.Index));

    private static ImmutableArray<IRouterEvent> RouterEventsOfARun()
    {
        using var run = new SimulatedNode(SampleMarkets.Mixed, NodeOptionsOf.Calm(rate: 10, minInterval: TimeSpan.FromSeconds(1)));
        run.RunFor(TimeSpan.FromSeconds(90));
        return
        [
            .. run.Journal.Read(PersistenceIds.Router, 0).Select(stored =>
                MessageCodec.TryDecode(stored.Data.Manifest, stored.Data.Version, stored.Data.Payload.Span, out var message, out var error)
                    ? (IRouterEvent)message
                    : throw new InvalidOperationException(error)),
        ];
    }

    /// <summary>Overwrites a leaf of the events in the middle of the run that holds both decisions and trades.</summary>
    private static void DamageAPageWithin(string file)
    {
        var bytes = File.ReadAllBytes(file);
        var decided = System.Text.Encoding.ASCII.GetBytes("qtrade");
        var pages = Enumerable.Range(1, (bytes.Length / JournalSchema.PageBytes) - 1)
            .Where(page => bytes[page * JournalSchema.PageBytes] == 0x0D
                && bytes.AsSpan(page * JournalSchema.PageBytes, JournalSchema.PageBytes).IndexOf(decided) >= 0)
            .ToArray();
        using var stream = File.OpenWrite(file);
        stream.Position = (long)pages[pages.Length / 2] * JournalSchema.PageBytes;
        stream.Write(new byte[JournalSchema.PageBytes]);
    }

    /// <summary>The executor's last rows are changed past recognition, each by a byte.</summary>
    private static void ForgetWhatFollowsOfTheExecutor(string file)
    {
        using var database = SqliteDatabase.Open(file, create: false);
        database.Execute(string.Create(CultureInfo.InvariantCulture, $"{Forget} 3)"));
    }

    private const string Forget =
        "UPDATE events SET payload = zeroblob(length(payload)) WHERE ordinal IN "
        + "(SELECT ordinal FROM events WHERE entity = (SELECT id FROM entities WHERE name = 'executor') ORDER BY ordinal DESC LIMIT";

    private static JsonDocument Last(ProgramAnswer answer) => JsonDocument.Parse(answer.Out.TrimEnd().Split('\n')[^1]);

    private static string Text(JsonDocument status, string name) => status.RootElement.GetProperty(name).GetString()!;

    private static long Number(JsonDocument status, params string[] path) =>
        path.Aggregate(status.RootElement, (element, name) => element.GetProperty(name)).GetInt64();
}
