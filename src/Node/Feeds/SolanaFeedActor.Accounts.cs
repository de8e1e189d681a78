using System.Collections.Immutable;
using QTrade.Actors;
using QTrade.Node.Simulation;
using QTrade.Solana;
using QTrade.Solana.Feed;
using QTrade.Solana.Rpc;

namespace QTrade.Node.Feeds;

/// <summary>The accounts that the pools need: subscribed to first, read then, and read again in turn.</summary>
public sealed partial class SolanaFeedActor
{
    private void Want(ImmutableArray<WantedAccount> wanted, ImmutableArray<Address> unwanted, Effects effects)
    {
        if (wanted.IsEmpty && unwanted.IsEmpty)
            return;
        foreach (var account in unwanted)
        {
            _open.Remove(account);
            _standing.Remove(account);
            _requests.Remove(account);
        }

        foreach (var account in wanted)
        {
            if (account.Subscribe)
                Subscribe(account.Address, effects.Now);
            else
                _reads.Ask(account.Address);
        }

        Read(effects);
        Send(effects);
    }

    private void Subscribe(Address account, DateTimeOffset now)
    {
        _open.Ask(account, now, _requests.EndsBefore);
        _requests.Subscribe(account);
    }

    private void Send(Effects effects)
    {
        if (_connection is not { } connection || !_requests.TryTake(out var subscribe, out var unsubscribe))
            return;
        effects.RunAsync<IFeedMessage, IFeedMessage>(
            stop => _edge.SendAsync(connection, subscribe, unsubscribe, stop), Self, Same, failure => new FeedSent(connection, failure.Reason));
    }

    private void Accept(ImmutableArray<StandingSubscription> subscribed, DateTimeOffset now)
    {
        foreach (var (account, ends) in subscribed)
        {
            if (!_open.Accept(account, now, ends))
                continue;
            // One that stopped being needed while it was asked for could not be ended before.
            if (_view.Needs(account))
                Unsettle(account);
            else
                _requests.Unsubscribe(account);
        }
    }

    /// <summary>An account that is not subscribed to is not read either, so that its pools stay incomplete.</summary>
    private void Refuse(SocketBatch batch, DateTimeOffset now)
    {
        _setup.Live.SubscriptionRefused(batch.Refused.Length);
        _setup.Live.Failed(
            $"{_setup.Live.Endpoint}: subscription of {batch.Refused[0]} refused: {batch.Refusal}; follow fewer pools (qtrade.solana.pools-max) or name an endpoint that allows more in qtrade.solana.rpc");

        // One that stands by an earlier request is as good as accepted.
        foreach (var account in batch.Refused.Where(_open.Waits))
            _open.Refuse(account, now);
    }

    /// <summary>
    /// What an account came to is told from now on only, or was told and cannot be read, in a slot that is not known: it is the next one that
    /// this connection tells at the latest. Which that is neither reads nor an earlier connection tell, and a node that is asked for it sooner refuses.
    /// </summary>
    private void Unsettle(Address account)
    {
        _view.Doubt(account, _told + 1);
        _unsettled.Add(account);
    }

    /// <summary>
    /// The connection told a new slot: what was put aside until then is read as of that slot or later. What was read before could be older than
    /// what is told, and so could the node be that answers now: behind one address there may be several.
    /// </summary>
    private void Settle(SocketBatch batch)
    {
        var told = _told;
        foreach (var update in batch.Updates)
        {
            // One that the view refused as too far ahead tells nothing.
            if (update.At.Slot <= _view.Seen)
                told = Math.Max(told, update.At.Slot);
        }

        if (told == _told)
            return;
        _told = told;
        foreach (var account in _unsettled.Where(_view.Needs))
        {
            _standing.Add(account);
            _view.Doubt(account, told);
            _reads.Ask(account);
        }

        _unsettled.Clear();
    }

    private void Read(Effects effects)
    {
        // What is unsettled is read once its slot was told.
        while (_connection is { } connection && _reads.Begin(_unsettled.Contains) is { IsEmpty: false } accounts)
        {
            var minContextSlot = Math.Max(_minContextSlot, accounts.Max(account => _view.NotBefore(account)));
            effects.RunAsync<IFeedMessage, IFeedMessage>(
                stop => _edge.ReadAsync(connection, accounts, minContextSlot, stop),
                Self,
                Same,
                failure => new FeedAccountsRead(connection, accounts, null, $"read of accounts: {failure.Reason}"));
        }
    }

    private void Take(FeedAccountsRead read, Effects effects)
    {
        _reads.End();
        if (read.Answer is { } answer)
        {
            foreach (var update in answer.Accounts)
                _view.Take(update);
        }
        else
        {
            _setup.Live.Failed(read.Fault ?? "read of accounts");
            _reads.Fail(read.Asked);
        }

        GoOn(effects);
    }

    /// <summary>One that is not followed is not vouched for by a read.</summary>
    private void Audit(DateTimeOffset now)
    {
        var followed = _view.Needed.Where(account => !account.Subscribe || _standing.Contains(account.Address)).Select(account => account.Address);
        foreach (var account in _audit.Take(now, followed))
            _reads.Ask(account);
    }
}
