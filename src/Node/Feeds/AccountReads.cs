using System.Collections.Immutable;
using QTrade.Solana;
using QTrade.Solana.Rpc;

namespace QTrade.Node.Feeds;

/// <summary>
/// Accounts of one connection that are to be read, in the order in which they were asked for, and how many reads are under way. An account waits once at most, however often it is asked
/// for, and again where a read of it is under way, which may be too early. Owned by one feed.
/// </summary>
/// <param name="readsMax">Reads under way at once.</param>
internal sealed class AccountReads(int readsMax)
{
    private readonly Queue<Address> _toRead = new();
    private readonly HashSet<Address> _queued = [];
    private readonly List<Address> _failed = [];
    private int _underWay;

    /// <summary>Whether one is to be read.</summary>
    public bool Any => _toRead.Count > 0;

    /// <summary>It is to be read.</summary>
    public void Ask(Address account)
    {
        if (_queued.Add(account))
            _toRead.Enqueue(account);
    }

    /// <summary>The next read begins, of as many accounts as one may be of.</summary>
    /// <param name="isTooEarly">Accounts that are passed over: they are asked for anew once they can be read.</param>
    /// <returns>Its accounts; empty where none begins.</returns>
    public ImmutableArray<Address> Begin(Predicate<Address> isTooEarly)
    {
        if (_underWay >= readsMax)
            return [];
        var batch = ImmutableArray.CreateBuilder<Address>();
        while (batch.Count < RpcClient.AccountsMax && _toRead.TryDequeue(out var account))
        {
            _queued.Remove(account);
            if (!isTooEarly(account))
                batch.Add(account);
        }

        if (batch.Count > 0)
            _underWay++;
        return batch.DrainToImmutable();
    }

    /// <summary>A read ended, with an answer or without.</summary>
    public void End() => _underWay--;

    /// <summary>They were not read; they wait apart until <see cref="AskAgain"/>.</summary>
    public void Fail(ImmutableArray<Address> accounts) => _failed.AddRange(accounts);

    /// <summary>What was not read is to be read after all else.</summary>
    public void AskAgain()
    {
        foreach (var account in _failed)
            Ask(account);
        _failed.Clear();
    }

    /// <summary>A connection begins, and nothing was asked for on it.</summary>
    public void Clear()
    {
        _toRead.Clear();
        _queued.Clear();
        _failed.Clear();
        _underWay = 0;
    }
}
