using System.Text.Json.Nodes;
using QTrade.Broker;
using QTrade.Messages;
using QTrade.Messages.Cluster;
using QTrade.Messages.Execution;
using QTrade.Messages.Registry;
using QTrade.Messages.Routing;
using QTrade.Node.Tests.EndToEnd;
using QTrade.Web.Admin;

namespace QTrade.Node.Tests.Cluster;

/// <summary>What any node of a cluster answers for all of it.</summary>
public sealed class ClusterAdminSpecs
{
    private const string Added = """{ "id": "added", "kind": "product", "tokens": ["A", "B"], "fee": 0.003, "reserves": [1000, 5000] }""";

    private static readonly string[] Names = ["n1", "n2", "n3"];

    [Fact]
    public async Task Every_node_answers_for_the_whole_cluster()
    {
        await using var cluster = await AdminCluster.OfThreeAsync();
        foreach (string node in Names)
        {
            var pools = await cluster.AskUntilAsync(
                answer => answer.Result is JsonArray { Count: 7 } rows && rows.All(row => (string?)row!["node"] is "n1" or "n2" && (string?)row["state"] != "not observed"), node, "pool list");
            Assert.Contains("7 pools", pools.Message, StringComparison.Ordinal);
            Assert.Equal("sum", (string?)(await DoneAsync(cluster, node, "pool show", ("id", "sum"))).Result!["pool"]);

            var router = await DoneAsync(cluster, node, "router status");
            Assert.Equal(("n2", 1L), (router.Node, (long)router.Result!["epoch"]!));
            Assert.True((long)router.Result["snapshots"]!["handedOut"]! > 0);
            Assert.Equal(node == "n2" ? null : "from 'n2', which routes", router.Message);
            Assert.Equal("n2", (await DoneAsync(cluster, node, "queue show")).Node);
            var solved = await cluster.AskAsync(node, "router solve");
            Assert.Equal("n2", solved.Node);

            var executors = await DoneAsync(cluster, node, "executor list");
            var executor = Assert.Single((JsonArray)executors.Result!)!;
            Assert.Equal(("n3", "ACTIVE"), ((string?)executor["node"], (string?)executor["state"]));
            Assert.True((long)executor["executed"]! > 0);

            var why = await DoneAsync(cluster, node, "why");
            Assert.Null(why.Message);
            Assert.True((long)why.Result!["executed"]! > 0);
            Assert.NotNull(why.Result["lastResult"]!["gap"]);
            Assert.All((JsonArray)why.Result["counts"]!, row => Assert.Contains((string?)row!["node"], Names));

            var nodes = await cluster.AskUntilAsync(answer => answer.Result is JsonArray { Count: 3 }, node, "cluster show");
            Assert.Equal(
                [("n1", "feed"), ("n2", "router"), ("n3", "executor")],
                ((JsonArray)nodes.Result!).Select(row => ((string)row!["node"]!, (string)row["acts"]!)).Order());
        }
    }

    [Fact]
    public async Task Any_node_leads_to_the_one_that_is_named()
    {
        await using var cluster = await AdminCluster.OfThreeAsync();
        var actors = await cluster.AskAsync("n1", "n3", "actor hierarchy");
        Assert.Equal(("n3", AdminStatus.Done), (actors.Node, actors.Status));
        Assert.Contains("/node/executor", actors.Result!.ToJsonString(), StringComparison.Ordinal);
        Assert.Equal("n2", (await cluster.AskAsync("n1", "n3", "router status")).Node);
        var unknown = await cluster.AskAsync("n1", "n9", "actor hierarchy");
        Assert.Equal(AdminStatus.No, unknown.Status);
        Assert.Contains("which knows n1, n2, n3", unknown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_node_that_does_not_answer_is_named_and_the_others_answer_for_themselves()
    {
        await using var cluster = await AdminCluster.OfThreeAsync();
        await cluster.DeafenAsync("n2");

        foreach (string command in new[] { "router status", "router solve", "queue show" })
        {
            var router = await cluster.AskAsync("n1", command);
            Assert.Equal(AdminStatus.Failed, router.Status);
            Assert.StartsWith("node 'n2', which routes, does not answer: ", router.Message, StringComparison.Ordinal);
        }

        var pools = await DoneAsync(cluster, "n1", "pool list");
        Assert.Equal(7, ((JsonArray)pools.Result!).Count);
        Assert.Contains("which pools are withheld is not known: node 'n2', which routes, does not answer", pools.Message, StringComparison.Ordinal);
        var why = await DoneAsync(cluster, "n1", "why");
        Assert.StartsWith("n2 did not answer", why.Message, StringComparison.Ordinal);
        Assert.Equal("n2", (string?)Assert.Single((JsonArray)why.Result!["silent"]!));

        await cluster.DeafenAsync("n3");
        var executor = await cluster.AskUntilAsync(answer => answer.Message?.Contains("as last heard", StringComparison.Ordinal) == true, "n1", "executor list");
        Assert.Equal(AdminStatus.Failed, executor.Status);
        Assert.StartsWith("node 'n3', which executes, does not answer: ", executor.Message, StringComparison.Ordinal);
        Assert.EndsWith("; trading is, as last heard, ACTIVE", executor.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_came_from_another_node_goes_no_further()
    {
        await using var cluster = await AdminCluster.OfThreeAsync();
        var answer = await cluster.PostAsync("n1", """{"id":"1","node":"n1","command":"router status","arguments":{},"user":"u","by":"n3"}""");
        Assert.Equal(("n1", "Failed"), (answer.GetProperty("node").GetString(), answer.GetProperty("status").GetString()));
        Assert.StartsWith("'n1' is not who routes, as 'n3' has heard", answer.GetProperty("message").GetString(), StringComparison.Ordinal);
        answer = await cluster.PostAsync("n1", """{"id":"1","node":"n2","command":"router status","arguments":{},"user":"u","by":"n3"}""");
        Assert.Equal(("n1", "No"), (answer.GetProperty("node").GetString(), answer.GetProperty("status").GetString()));
    }

    [Fact]
    public async Task Nodes_show_each_other_the_token_and_say_it_nowhere()
    {
        const string Secret = "0123456789abcdef-secret";
        Assert.True(AdminToken.TryRead(null, Secret, out AdminToken? token, out _));
        Assert.True(AdminToken.TryRead(null, Secret + "-of-another", out AdminToken? other, out _));
        await using var cluster = await AdminCluster.OfThreeAsync(token);
        Assert.Equal("n2", (await DoneAsync(cluster, "n1", "router status")).Node);

        await cluster.StartAsync("n4", NodeRoles.Optimizer, other);
        var stranger = await cluster.AskUntilAsync(answer => answer.Message?.Contains("'n2'", StringComparison.Ordinal) == true, "n4", "router status");
        Assert.Equal(AdminStatus.Failed, stranger.Status);
        Assert.StartsWith("node 'n2', which routes, does not take what 'n4' asks it: a token is needed", stranger.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, stranger.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_node_that_announces_anothers_address_is_found_out()
    {
        await using var cluster = await AdminCluster.OfThreeAsync();
        await cluster.StartAsync("n4", NodeRoles.Optimizer, address: cluster.HostOf("n3"));
        await cluster.AskUntilAsync(answer => answer.Result is JsonArray { Count: 4 }, "n1", "cluster show");
        var answer = await cluster.AskAsync("n1", "n4", "actor hierarchy");
        Assert.Equal(AdminStatus.Failed, answer.Status);
        Assert.Contains($"node 'n4' is not where it says ({cluster.HostOf("n3")}): 'n3' is", answer.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cut_from_its_broker_a_node_shows_what_it_has_and_says_what_is_missing()
    {
        await using var cluster = await AdminCluster.OfThreeAsync();
        await cluster.AskUntilAsync(answer => answer.Result is JsonArray { Count: 7 }, "n3", "pool list");
        foreach (string node in Names) await cluster.CutAsync(node);
        await cluster.DeafenAsync("n2");

        var pools = await DoneAsync(cluster, "n3", "pool list");
        Assert.Equal(7, ((JsonArray)pools.Result!).Count);
        Assert.Contains("the broker is not reached: as last heard", pools.Message, StringComparison.Ordinal);
        var executor = await cluster.AskUntilAsync(answer => answer.Message is not null, "n3", "executor list");
        Assert.Equal(AdminStatus.Done, executor.Status);
        Assert.Contains("the broker is not reached: as it was when 'n3' last executed", executor.Message, StringComparison.Ordinal);
        var router = await cluster.AskAsync("n3", "router status");
        Assert.Equal(AdminStatus.Failed, router.Status);
        Assert.Contains("node 'n2', which routes, does not answer", router.Message, StringComparison.Ordinal);
        var nodes = await DoneAsync(cluster, "n3", "cluster show");
        Assert.Contains("the others are shown as they were last heard", nodes.Message, StringComparison.Ordinal);
        Assert.Equal(AdminStatus.Failed, (await cluster.AskAsync("n3", "pool add", ("pool", Added))).Status);
    }

    [Fact]
    public async Task A_pool_is_added_and_retired_at_any_node_once()
    {
        await using var cluster = await AdminCluster.OfThreeAsync();
        foreach (string node in Names)
        {
            var added = await cluster.AskAsync(node, "pool add", ("pool", Added));
            Assert.True(added.Status == AdminStatus.Done, added.Message);
            foreach (string other in Names)
            {
                await StateAsync(cluster, other, "traded");
                var twice = await cluster.AskAsync(other, "pool add", ("pool", Added));
                Assert.Equal(AdminStatus.No, twice.Status);
                Assert.Contains("pool 'added' is traded already", twice.Message, StringComparison.Ordinal);
            }

            Assert.Equal("somebody", JournalMessages.Of(cluster.Journal).OfType<PoolConfigured>().Last(change => change.PoolId.Value == "added").By?.Name);
            Assert.Equal(AdminStatus.Done, (await cluster.AskAsync(node, "pool retire", ("id", "added"))).Status);
            foreach (string other in Names)
            {
                await StateAsync(cluster, other, "retired");
                Assert.Contains("retired already", (await cluster.AskAsync(other, "pool retire", ("id", "added"))).Message, StringComparison.Ordinal);
            }
        }

        Assert.Equal(AdminStatus.No, (await cluster.AskAsync("n3", "pool retire", ("id", "nobody"))).Status);
    }

    [Fact]
    public async Task What_was_added_and_retired_stands_when_another_node_becomes_the_feed_and_new_ones_hear_it()
    {
        await using var cluster = await AdminCluster.OfThreeAsync();
        Assert.Equal(AdminStatus.Done, (await cluster.AskAsync("n3", "pool add", ("pool", Added))).Status);
        Assert.Equal(AdminStatus.Done, (await cluster.AskAsync("n3", "pool retire", ("id", "sum"))).Status);

        await cluster.StartAsync("n4", NodeRoles.Feed | NodeRoles.Pools | NodeRoles.Router);
        await cluster.StopAsync("n1");
        await cluster.AskUntilAsync(answer => answer.Result is JsonArray rows && rows.Any(row => (string?)row!["node"] == "n4" && ((string)row["acts"]!).Contains("feed", StringComparison.Ordinal)), "n2", "cluster show");
        await cluster.StartAsync("n5", NodeRoles.Optimizer);
        foreach (string node in new[] { "n2", "n3", "n4", "n5" })
        {
            await StateAsync(cluster, node, "traded");
            await StateAsync(cluster, node, "retired", "sum");
        }
    }

    [Theory]
    [InlineData("n1")]
    [InlineData("n3")]
    public async Task A_resumption_that_is_older_than_the_halt_in_force_is_told_to_be_refused(string node)
    {
        await using var cluster = await AdminCluster.OfThreeAsync();
        var halt = new SetTradingState(TradingState.Halted, ReasonCode.Operator, "later", TimeProvider.System.GetUtcNow().AddHours(1)) { By = new Operator("other", "there") };
        await cluster.SayAsync(Hop.Results, halt);
        await cluster.AskUntilAsync(answer => answer.Result is JsonArray rows && (string?)rows[0]!["state"] == "HALTED", node, "executor list");

        var resumed = await cluster.AskAsync(node, "executor resume", ("reason", "too early"));
        Assert.Equal(AdminStatus.No, resumed.Status);
        Assert.Contains("refused: SupersededByNewer: a halt was ordered after it", resumed.Message, StringComparison.Ordinal);
        Assert.Contains("later", resumed.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("n1")]
    [InlineData("n3")]
    public async Task Limits_that_are_older_than_those_in_force_are_told_not_to_be_taken(string node)
    {
        await using var cluster = await AdminCluster.OfThreeAsync();
        var limits = new SetRiskLimits(new RiskLimits(70, 71, 72), TimeProvider.System.GetUtcNow().AddHours(1)) { By = new Operator("other", "there") };
        await cluster.SayAsync(Hop.Results, limits);
        await cluster.AskUntilAsync(answer => (double?)answer.Result?["maxLoss"] == 71, node, "executor limits");

        var older = await cluster.AskAsync(node, "executor limits", ("max-loss", "1000"));
        Assert.Equal(AdminStatus.No, older.Status);
        Assert.Contains("refused: SupersededByNewer: other limits were ordered after it", older.Message, StringComparison.Ordinal);
        Assert.Equal(limits.Limits, JournalMessages.Of(cluster.Journal).OfType<RiskLimitsChanged>().Last().Limits);
    }

    [Fact]
    public async Task An_order_that_the_broker_does_not_take_is_told_so_and_never_arrives()
    {
        await using var cluster = await AdminCluster.OfThreeAsync();
        await cluster.AskUntilAsync(answer => answer.Status == AdminStatus.Done, "n2", "executor limits");
        await cluster.StopAsync("n3");
        await cluster.FillAsync(Hop.Results);
        var resuming = cluster.AskAsync("n1", "executor resume", ("reason", "checked"));
        var limiting = cluster.AskAsync("n2", "executor limits", ("max-loss", "1"), ("shared-loss", "77"));

        var resumed = await resuming;
        Assert.Equal(AdminStatus.Failed, resumed.Status);
        Assert.StartsWith("nothing changed: the broker did not take the order", resumed.Message, StringComparison.Ordinal);
        var limited = await limiting;
        Assert.Equal(AdminStatus.Failed, limited.Status);
        Assert.StartsWith("HALF DONE: shared-loss is 77 now; the other limits: nothing changed: the broker did not take", limited.Message, StringComparison.Ordinal);
        Assert.Equal(77, JournalMessages.Of(cluster.Journal).OfType<SharedLossChanged>().Last().LossMax);

        var orders = JournalMessages.Of(cluster.Journal).Count(IsOrder);
        await cluster.StartAsync("n4", NodeRoles.Optimizer | NodeRoles.Executor);
        await cluster.TradesAsync();
        Assert.Equal(orders, JournalMessages.Of(cluster.Journal).Count(IsOrder));

        static bool IsOrder(IMessage message) => message is TradingStateChanged or RiskLimitsChanged;
    }

    [Fact]
    public async Task A_change_of_pools_that_the_broker_does_not_take_is_told_so_and_never_happens()
    {
        await using var cluster = await AdminCluster.OfThreeAsync();
        await cluster.AskUntilAsync(answer => answer.Result is JsonArray { Count: 7 }, "n2", "pool list");
        await cluster.StopAsync("n1");
        await cluster.FillAsync(Hop.Feed);
        var adding = cluster.AskAsync("n2", "pool add", ("pool", Added));
        var retiring = cluster.AskAsync("n3", "pool retire", ("id", "sum"));

        foreach (var answer in new[] { await adding, await retiring })
        {
            Assert.Equal(AdminStatus.Failed, answer.Status);
            Assert.StartsWith("nothing changed: the broker did not take the order", answer.Message, StringComparison.Ordinal);
        }

        await cluster.StartAsync("n4", NodeRoles.Feed | NodeRoles.Pools);
        await cluster.AskUntilAsync(answer => answer.Result is JsonArray rows && rows.Any(row => (string?)row!["node"] == "n4" && ((string)row["acts"]!).Contains("feed", StringComparison.Ordinal)), "n2", "cluster show");
        var added = await cluster.AskAsync("n2", "pool add", ("pool", Added));
        Assert.True(added.Status == AdminStatus.Done, added.Message);
        var changes = JournalMessages.Of(cluster.Journal).OfType<IPoolConfigurationEvent>();
        Assert.Single(changes, change => change.PoolId.Value == "added");
        Assert.DoesNotContain(changes, change => change is PoolRetired);
    }

    [Fact]
    public async Task What_no_node_could_read_is_counted_and_shown_at_every_node()
    {
        await using var cluster = await AdminCluster.OfThreeAsync();
        await cluster.SayAsync(Hop.Results, new SlotObserved(1));
        foreach (string node in Names)
        {
            var why = await cluster.AskUntilAsync(answer => Poison(answer) is not null, node, "why");
            Assert.Equal(("n3", 1L), ((string?)Poison(why)!["node"], (long)Poison(why)!["count"]!));
            Assert.Equal("SlotObserved is nothing to execute or obey", (string?)Poison(why)!["last"]);
        }

        Assert.Equal(1, cluster.NodeOf("n3").Status.Faults);
        Assert.Equal("SlotObserved is nothing to execute or obey", cluster.NodeOf("n3").Status.LastFault);

        static JsonNode? Poison(AdminAnswer answer) => ((JsonArray?)answer.Result?["counts"])?.SingleOrDefault(row => (string?)row!["reason"] == "Poison");
    }

    private static async Task StateAsync(AdminCluster cluster, string node, string state, string pool = "added") =>
        await cluster.AskUntilAsync(answer => answer.Status == AdminStatus.Done && (string?)answer.Result!["state"] is { } now && (now == state || (state == "traded" && now == "withheld")), node, "pool show", ("id", pool));

    /// <summary>Done, once the node has heard who acts.</summary>
    private static async Task<AdminAnswer> DoneAsync(AdminCluster cluster, string node, string command, params (string Name, string Value)[] arguments) =>
        await cluster.AskUntilAsync(answer => answer.Status == AdminStatus.Done, node, command, arguments);
}
