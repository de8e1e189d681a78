using System.Diagnostics.CodeAnalysis;
using QTrade.Messages.Routing;

namespace QTrade.Node.Actors;

/// <summary>
/// Commands whose events the journal refused, to be decided again: nobody says them again, as who said them was told that they arrived. Owned by the router.
/// </summary>
internal sealed class RefusedCommands
{
    /// <summary>Most that are kept: more than open solutions and snapshots can bring.</summary>
    public const int Max = 10_000;

    private readonly Queue<IRouterCommand> _refused = new();
    private readonly List<IRouterCommand> _writing = [];

    /// <summary>Whether one waits.</summary>
    public bool Any => _refused.Count > 0;

    /// <summary>Another turn begins: what the one before decided was written, or refused.</summary>
    public void Begin() => _writing.Clear();

    /// <summary>What is decided in this turn follows from these, among others.</summary>
    public void Write(IEnumerable<IRouterCommand> commands) => _writing.AddRange(commands);

    /// <summary>The journal refused what was decided in this turn.</summary>
    public void Refuse()
    {
        foreach (var command in _writing)
        {
            if (_refused.Count < Max)
                _refused.Enqueue(command);
        }
    }

    /// <summary>Takes the one that waits for longest.</summary>
    public bool TryTake([NotNullWhen(true)] out IRouterCommand? command) => _refused.TryDequeue(out command);
}
