using QTrade.Broker;
using QTrade.Messages.Execution;
using QTrade.Web.Admin;

namespace QTrade.Node.Admin;

/// <summary>What a command works with: the request and the node that it reached.</summary>
internal sealed record AdminContext(AdminRequest Request, TradingNode Node, NodeAdmin Admin)
{
    /// <summary>How long an actor may take to answer; within it a command is done or fails.</summary>
    public static TimeSpan Patience { get; } = TimeSpan.FromSeconds(5);

    /// <summary>How lines begin that are about what the broker carries no longer.</summary>
    public const string CutOff = "the broker is not reached";

    /// <summary>Whether other nodes are there to be asked, and the request did not come from one of them.</summary>
    public bool IsForAll => Node.Setup.Cluster is not null && Request.By is null;

    /// <summary>Whether this node of a cluster does not reach its broker.</summary>
    public bool IsCut => Node.Setup.Cluster is { } cluster && !cluster.Transport.Status.Connected;

    public NodeStatus Status => Node.Status;

    public TimeProvider Time => Node.Setup.Scheduler.Time;

    /// <summary>Who asks.</summary>
    public Operator By => new(Shown(Request.User), Request.Origin);

    /// <summary>A whole number among the arguments.</summary>
    /// <param name="name">The argument.</param>
    /// <param name="otherwise">What counts where it is not given.</param>
    /// <param name="min">Least.</param>
    /// <param name="max">Most.</param>
    /// <param name="number">The number.</param>
    /// <param name="fault">What is wrong with it; null where nothing is.</param>
    public bool TryWhole(string name, int otherwise, int min, int max, out int number, out AdminReply? fault)
    {
        number = otherwise;
        fault = Request[name] is { } text && (!int.TryParse(text, out number) || number < min || number > max)
            ? AdminReply.Bad($"{name} is '{Shown(text)}': write a whole number from {min} to {max}")
            : null;
        return fault is null;
    }

    /// <summary>What is to be said of an order that the broker did not take for whoever was to obey it.</summary>
    /// <param name="ending">What became of it.</param>
    /// <param name="look">The command that shows whether it was obeyed all the same.</param>
    public static string NotTaken(PublishEnding ending, string look) => ending == PublishEnding.Full
        ? "nothing changed: the broker did not take the order, too much waits there for whoever is to obey it; order it again"
        : $"whether the order arrived is not known: the broker did not say so in time; look with {look} before you order it again";

    /// <summary>A text from outside, fit for a line.</summary>
    public static string Shown(string text, int lengthMax = AdminRequest.NameLengthMax)
    {
        var shown = text.Length > lengthMax ? text[..lengthMax] + ".." : text;
        return string.Concat(shown.Select(c => char.IsControl(c) ? ' ' : c));
    }
}
