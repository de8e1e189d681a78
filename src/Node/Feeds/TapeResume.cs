using System.Collections.Immutable;
using QTrade.Markets;
using QTrade.Solana.Tapes;

namespace QTrade.Node.Feeds;

/// <summary>
/// Where a tape goes on that another feed has played in part: behind the newest state that the journal has of any of its pools. Up to there nothing waits for its time, and
/// only what the pools come to is told. Used by one reader.
/// </summary>
/// <param name="stood">The pools of which the journal has a state, each with the newest slot of it.</param>
internal sealed class TapeResume(ImmutableDictionary<PoolId, ulong> stood)
{
    private ulong _slot;
    private bool _follows;

    /// <summary>Whether the tape is behind that place.</summary>
    public bool IsOver { get; private set; }

    /// <summary>Takes the next entry.</summary>
    public void Take(in TapeEntry entry)
    {
        switch (entry.Kind)
        {
            case TapeEntryKind.Follow:
                _follows = true;
                _slot = Math.Max(_slot, stood.GetValueOrDefault(new PoolId(entry.Pool.ToString())));
                break;
            case TapeEntryKind.Account:
                IsOver |= _follows && entry.Update!.At.Slot > _slot;
                break;
            default:
                break;
        }
    }
}
