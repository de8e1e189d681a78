using System.Security.Cryptography;
using QTrade.Messages.Routing;
using QTrade.Messages.Wire;

namespace QTrade.Node.Replay;

/// <summary>
/// One number for everything that was decided on a tape's cuts, in their order: SHA-256 over the bytes of each decision without what differs from one run to the next, the router's epoch and the time. Two journals that
/// hold the same cuts of one tape decided the same if and only if these are the same.
/// </summary>
public sealed class TapeDigest : IDisposable
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly Dictionary<SnapshotId, long> _cuts = [];

    /// <summary>Cuts that were decided.</summary>
    public long Cuts { get; private set; }

    /// <summary>The first and the last of them; of a trimmed journal the first is not the tape's.</summary>
    public long First { get; private set; }

    public long Last { get; private set; }

    /// <summary>The digest so far, lower-case hex; null where no cut of a tape was decided.</summary>
    public string? Value => Cuts == 0 ? null : Convert.ToHexStringLower(_hash.GetCurrentHash());

    /// <summary>A router began: what an earlier one handed out and did not decide is handed out again.</summary>
    public void Begin() => _cuts.Clear();

    public void Take(SnapshotHandedOut handedOut)
    {
        if (handedOut.TapeCut > 0)
            _cuts[handedOut.SnapshotId] = handedOut.TapeCut;
    }

    public void Take(Decided decided)
    {
        if (!_cuts.Remove(decided.SnapshotId, out var cut))
            return;
        Cuts++;
        First = First == 0 ? cut : First;
        Last = cut;
        _hash.AppendData(MessageCodec.Encode(decided with { SnapshotId = new SnapshotId(0, cut), At = DateTimeOffset.UnixEpoch }).Bytes.Span);
    }

    public void Take(SnapshotEnded ended) => _cuts.Remove(ended.SnapshotId);

    public void Dispose() => _hash.Dispose();
}
