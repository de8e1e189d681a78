using System.Collections.Immutable;
using QTrade.Actors.Kernel;

namespace QTrade.Actors;

/// <summary>Messages that were not handled: all are counted, the last <see cref="ListedMax"/> are kept to be shown.</summary>
public sealed class DeadLetters
{
    /// <summary>How many are kept.</summary>
    public const int ListedMax = 256;

    private readonly Queue<DeadLetter> _listed = new();
    private readonly long[] _counts = new long[Enum.GetValues<DeadLetterReason>().Length];

    /// <summary>How many there were.</summary>
    public long Count
    {
        get
        {
            lock (_listed)
                return _counts.Sum();
        }
    }

    /// <summary>The last of them, the oldest first.</summary>
    public ImmutableArray<DeadLetter> Listed
    {
        get
        {
            lock (_listed)
                return [.. _listed];
        }
    }

    /// <summary>How many there were for one reason.</summary>
    public long CountOf(DeadLetterReason reason)
    {
        lock (_listed)
            return _counts[(int)reason];
    }

    internal void Add(ActorPath recipient, object item, DeadLetterReason reason)
    {
        var message = item is Envelope envelope ? envelope.Message : item;
        lock (_listed)
        {
            _counts[(int)reason]++;
            if (_listed.Count == ListedMax)
                _listed.Dequeue();
            _listed.Enqueue(new DeadLetter(recipient, message.GetType().Name, reason));
        }
    }
}
