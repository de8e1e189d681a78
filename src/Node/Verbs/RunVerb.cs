using System.CommandLine;
using System.CommandLine.Parsing;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using QTrade.Actors.Scheduling;
using QTrade.Hocon;
using QTrade.Markets;
using QTrade.Markets.Files;
using QTrade.Messages;
using QTrade.Messages.Execution;
using QTrade.Node.Admin;
using QTrade.Node.Cluster;
using QTrade.Node.Configuration;
using QTrade.Node.Feeds;
using QTrade.Node.Journal;
using QTrade.Node.Terminal;
using QTrade.Web.Admin;
using Spectre.Console;

namespace QTrade.Node.Verbs;

/// <summary><c>qtrade run</c>: one node, until it is told to stop or its time is up.</summary>
internal static class RunVerb
{
    private const string Verb = "run";

    public static Command Create(ProgramEnvironment environment)
    {
        SettingOptions settings = SettingOptions.ForNode();
        Option<bool> json = JsonOption.Create();
        var time = new Option<string?>("--for") { Description = "Stop by itself after this time, for instance 30s.", HelpName = "TIME" };
        time.Validators.Add(RequireDuration);
        var resume = new Option<bool>("--resume") { Description = "Trade on where trading was halted: by a limit, by an operator, or because events of the executor were lost." };
        var command = new VerbCommand(
            Verb,
            "Run a node: simulated market, certified solves, execution on paper.",
            "qtrade run",
            "qtrade run --for 30s --seed 7 --rate 5000",
            "qtrade run --market samples/six-kinds.json --data /tmp/six --json",
            "qtrade run --feed solana --rpc http://127.0.0.1:8899 --venues orca-whirlpool,raydium-cpmm --record today.tape",
            "qtrade run --feed recorded today.tape --speed max --data /tmp/again",
            "qtrade run --drive tape --cuts 100 --data /tmp/tape --for 30s")
        {
            time, resume, json,
        };
        settings.AddTo(command);
        command.SetAction((parsed, stop) => settings.ReadOrReport(parsed, Verb, environment) is { } configuration
            ? RunAsync(new RunOptions(configuration.Options, Duration(parsed.GetValue(time)), parsed.GetValue(resume), NodeAdminPort.IsPortSet(configuration), parsed.GetValue(json)), environment, stop)
            : Task.FromResult(ExitCode.BadInput));
        return command;
    }

    private static async Task<int> RunAsync(RunOptions options, ProgramEnvironment environment, CancellationToken stop)
    {
        if (NotThereYet(options.Node) is { } missing)
            return environment.Refuse(Verb, missing, ExitCode.BadInput);
        ChainFeed? feed = null;
        Market? market;
        if (options.Node.Feed == FeedKind.Simulated)
        {
            if (!TryReadMarket(environment.Locate(options.Node.Market), out market, out string? error))
                return environment.Refuse(Verb, error!, ExitCode.BadInput);
        }
        else
        {
            // Whoever only keeps pools, routes, solves or executes hears of the pools from whoever follows the chain.
            string? notice = null;
            if (ClusterLinks.MayFeed(options.Node.Cluster) && !ChainFeeds.TryOpen(options.Node, environment.Locate, environment.Time, out feed, out notice, out string? error))
                return environment.Refuse(Verb, error, ExitCode.BadInput);
            if (notice is not null)
                await environment.Error.WriteLineAsync(notice).ConfigureAwait(false);
            market = new Market { Name = "solana", Units = AmountUnit.Base, Tokens = [], Pools = [] };
        }

        try
        {
            return await RunAsync(options, market!, feed, environment, stop).ConfigureAwait(false);
        }
        finally
        {
            if (feed is not null)
                await feed.DisposeAsync().ConfigureAwait(false);
        }
    }

    private static async Task<int> RunAsync(RunOptions options, Market market, ChainFeed? feed, ProgramEnvironment environment, CancellationToken stop)
    {
        (AdminServerOptions? adminOptions, string? wrongToken) = NodeAdminPort.Read(options.Node.Admin, options.AdminPortIsSet, environment.Variables, environment.Locate);
        if (adminOptions is null)
            return environment.Refuse(Verb, wrongToken!, ExitCode.BadInput);

        bool live = environment.OutIsTerminal && !options.Json;
        ILogger log = live ? NullLogger.Instance : new LineLogger(environment.Error);
        if (!ClusterLinks.TryOpen(options.Node, environment, feed?.Name, log, out ClusterLink? link, out string? noCluster))
            return environment.Refuse(Verb, noCluster, ExitCode.BadInput);
        IAsyncDisposable transport = link is null ? NoTransport.Instance : link.Transport;
        await using ConfiguredAsyncDisposable ended = transport.ConfigureAwait(false);
        if (!NodeJournal.TryOpen(options.Node.Journal, forNode: true, environment, log, out INodeJournal? journal, out string? refusal, link is not null))
            return environment.Refuse(Verb, refusal, ExitCode.Failed);
        await using (journal.ConfigureAwait(false))
        {
            using var leave = CancellationTokenSource.CreateLinkedTokenSource(stop);
            string name = options.Node.Cluster.Node is { Length: > 0 } chosen ? chosen : Environment.MachineName;
            using var admin = new NodeAdmin(name, ProgramVersion.Current, () => _ = leave.CancelAsync()) { Token = adminOptions.Token };
            (AdminServer? server, string? noPort) = await AdminServer.StartAsync(adminOptions, admin).ConfigureAwait(false);
            if (server is null)
                return environment.Refuse(Verb, noPort!, ExitCode.Failed);
            await using (server.ConfigureAwait(false))
            {
                string reach = NodeAdminPort.Describe(server, adminOptions);
                if (!options.Json)
                    foreach (string line in Introduction.Lines(ProgramVersion.Current, options.Node, market, journal.Location).Append(reach))
                        await environment.Out.WriteLineAsync(line).ConfigureAwait(false);
                else if (server.Moved)
                    await environment.Error.WriteLineAsync(reach).ConfigureAwait(false);
                await environment.Out.FlushAsync(CancellationToken.None).ConfigureAwait(false);
                var announcer = LighthouseAnnouncer.Start(link is null ? options.Node.Cluster : new ClusterOptions(), admin, server.EndPoint, adminOptions.Token, environment.Time, log);
                await using (announcer.ConfigureAwait(false))
                    await RunNodeAsync(options, market, feed, link is null ? null : link with { AdminAddress = NodeAdminPort.AddressOf(options.Node.Cluster, server.EndPoint) }, journal, log, View(options, live, environment), admin, environment, leave.Token).ConfigureAwait(false);
            }
        }

        return ExitCode.Done;
    }

    private static async Task RunNodeAsync(
        RunOptions options, Market market, ChainFeed? feed, ClusterLink? link, INodeJournal journal, ILogger log, IStatusView view, NodeAdmin admin, ProgramEnvironment environment, CancellationToken stop)
    {
        using var node = TradingNode.Start(new TradingNodeSetup
        {
            Options = options.Node,
            Market = market,
            Feed = feed,
            Cluster = link,
            Scheduler = new ThreadPoolScheduler(environment.Time),
            Journal = journal,
            JournalPath = journal.Location,
            EventsCommitted = () => journal.Metrics.Events,
            JournalLosses = () => [.. journal.Losses.Select(loss => loss.ToString())],
            Log = log,
        });
        admin.Attach(node);
        if (!options.Json && StatusText.Recovery(node.Status.Journal) is { } recovered)
            await environment.Out.WriteLineAsync(recovered).ConfigureAwait(false);

        if (options.Resume)
            node.Command(new SetTradingState(TradingState.Active, ReasonCode.Operator, "resumed at the start", environment.Time.GetUtcNow()));
        using CancellationTokenSource end = End(options.For, environment.Time, stop);
        var clean = false;
        try
        {
            await view.WatchAsync(StatusPolling.PollAsync(() => node.Status, options.Node.Terminal.RefreshInterval, environment.Time, end.Token)).ConfigureAwait(false);
        }
        finally
        {
            admin.Leaving();
            if (!admin.IsEnded)
                clean = await node.StopAsync(CancellationToken.None).ConfigureAwait(false);
        }

        NodeStatus last = node.Status;
        if (options.Json)
            JsonView.Write(environment.Out, last);
        else
            await environment.Out.WriteLineAsync(StatusText.Summary(last, clean)).ConfigureAwait(false);
    }

    private static IStatusView View(RunOptions options, bool live, ProgramEnvironment environment)
    {
        TimeSpan interval = options.Node.Terminal.LineInterval;
        return options.Json ? new JsonView(environment.Out, interval)
            : live ? new LiveView(AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(environment.Out) }))
            : new LineView(environment.Out, interval);
    }

    private static CancellationTokenSource End(TimeSpan? after, TimeProvider time, CancellationToken stop)
    {
        var end = CancellationTokenSource.CreateLinkedTokenSource(stop);
        if (after is { } span)
        {
            ITimer timer = time.CreateTimer(_ => CancelQuietly(end), null, span, Timeout.InfiniteTimeSpan);
            end.Token.Register(timer.Dispose);
        }

        return end;
    }

    /// <summary>The run may have ended by itself at the same moment.</summary>
    private static void CancelQuietly(CancellationTokenSource end)
    {
        try
        {
            end.Cancel();
        }
        catch (ObjectDisposedException)
        {
        }
    }

    private static string? NotThereYet(NodeOptions options) =>
        options.Execute != ExecuteKind.Paper ? $"--execute {options.Execute.ToString().ToLowerInvariant()} is not there yet: this version trades with --execute paper"
        : options.Drive.Kind == DriveKind.Tape && options.Feed == FeedKind.Solana ? "--drive tape waits for decisions, as a live chain does not: record it (--record FILE) and play it with --feed recorded FILE --drive tape"
        : null;

    private static bool TryReadMarket(string path, out Market? market, out string? error)
    {
        error = MarketFile.TryReadFile(path, out market, out _, out MarketFileError? fault) ? null : fault.ToString();
        if (market?.Limits is not null)
            error = $"{path}: field limits: a node does not keep limits yet; take the field out to run without them";
        return error is null;
    }

    private static void RequireDuration(OptionResult result)
    {
        if (result.GetValueOrDefault<string?>() is { } text && Duration(text) is not { Ticks: > 0 })
            result.AddError($"--for is '{text}': write a duration, for instance 30s or 10m");
    }

    private static TimeSpan? Duration(string? text) => HoconDuration.TryParse(text, out TimeSpan time) ? time : null;
}
