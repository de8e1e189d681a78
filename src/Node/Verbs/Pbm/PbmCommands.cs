using System.Collections.Immutable;

namespace QTrade.Node.Verbs.Pbm;

/// <summary>Every command of <c>qtrade pbm</c>.</summary>
internal static class PbmCommands
{
    private static readonly PbmArgument Count = new("count", "N", "How many, the newest.");
    private static readonly PbmArgument Reason = new("reason", "TEXT", "Why; it is journalled with your name.");

    public static ImmutableDictionary<string, string> Palettes { get; } = new Dictionary<string, string>
    {
        ["cluster"] = "The nodes.",
        ["actor"] = "The tree of actors.",
        ["pool"] = "The pools: look, add, retire.",
        ["router"] = "When it solves and what it decided.",
        ["queue"] = "Solutions on their way to the executor.",
        ["executor"] = "What may be traded: halt, resume, limits.",
        ["journal"] = "What was recorded.",
    }.ToImmutableDictionary();

    public static ImmutableArray<PbmCommand> All { get; } =
    [
        new("cluster show", "The nodes, their roles and how they are."),
        new("cluster leave", "Have the node end what is in flight and stop."),
        new("cluster down", "End a node at once, without draining; one that does not answer is forgotten.", "node-2")
        {
            Argument = new("name", "NODE", "The node.", Required: true),
        },
        new("actor hierarchy", "The actors as a tree, with what waits for each.", "--depth 3")
        {
            Argument = new("path", "PATH", "Only this actor and those below it."),
            Options = [new("depth", "N", "How many levels.")],
        },
        new("actor show", "One actor: state, mailbox, latency, restarts, dead letters.", "/node/router")
        {
            Argument = new("path", "PATH", "The actor's path.", Required: true),
        },
        new("pool list", "Every pool: kind, tokens, price, slot, state."),
        new("pool show", "One pool with its reserves and position.", "product") { Argument = new("id", "ID", "The pool.", Required: true) },
        new("pool watch", "Pools as they change, until Ctrl-C.", "product")
        {
            Argument = new("id", "ID", "Only this pool."),
            Streams = true,
        },
        new("pool add", "Trade a pool from now on: one pool's object of a market file, or a whole one.", "pool.json")
        {
            Argument = new("pool", "FILE", "The file.", Required: true, IsFile: true),
        },
        new("pool retire", "Take a pool out of trading; its history stays.", "product") { Argument = new("id", "ID", "The pool.", Required: true) },
        new("router status", "Epoch, last result, intervals, ledgers."),
        new("router solve", "Solve the market as it is now, and show the result."),
        new("queue show", "Solutions outstanding and waiting, with their expiry."),
        new("executor list", "Trading state and why, profit, losses."),
        new("executor halt", "Trade nothing from now on, restarts included.", "--reason \"prices look wrong\"") { Options = [Reason] },
        new("executor resume", "Trade on.", "--reason \"checked\"") { Options = [Reason] },
        new("executor limits", "Show the limits, or set some of them.", "--max-loss 50")
        {
            Options =
            [
                new("max-notional", "VALUE", "Largest value that one route may put at stake."),
                new("max-loss", "VALUE", "Sum of losses at which trading halts."),
                new("error-streak", "N", "Failed trades in a row at which trading halts."),
                new("shared-loss", "VALUE", "Sum of losses of all executors together at which trading halts."),
            ],
        },
        new("journal tail", "The last events; with --follow each as it becomes durable.", "--follow")
        {
            Options = [Count, new("entity", "ID", "Only events of this entity, for instance executor or pool/ID.")],
            CanFollow = true,
        },
        new("journal show", "One event, whole.", "4711") { Argument = new("ordinal", "ORDINAL", "Its place in the journal.", Required: true) },
        new("why", "Why did it not trade: the last refusals with their reasons.", "--count 5") { Options = [Count] },
    ];
}
