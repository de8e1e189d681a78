using System.Diagnostics.CodeAnalysis;

namespace QTrade.Node.Journal;

/// <summary>
/// Heads of the entities that were written to lately. Holds at most twice <see cref="GenerationMax"/>: a full generation becomes the old
/// one, and what is asked for again moves to the young one.
/// </summary>
internal sealed class EntityHeads
{
    private const int GenerationMax = 65_536;

    private Dictionary<string, EntityHead> _young = [];
    private Dictionary<string, EntityHead> _old = [];

    public bool TryGet(string name, [NotNullWhen(true)] out EntityHead? head)
    {
        if (_young.TryGetValue(name, out head)) return true;
        if (!_old.TryGetValue(name, out head)) return false;
        Add(name, head);
        return true;
    }

    public void Add(string name, EntityHead head)
    {
        if (_young.Count == GenerationMax) (_old, _young) = (_young, []);
        _young[name] = head;
    }

    public void Remove(string name)
    {
        _young.Remove(name);
        _old.Remove(name);
    }

    public void Clear()
    {
        _young.Clear();
        _old.Clear();
    }
}
