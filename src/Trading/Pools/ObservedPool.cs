using QTrade.Markets;
using QTrade.Messages.Pools;

namespace QTrade.Trading.Pools;

/// <summary>A configured pool in a state that was observed: what a live market and a replayed one trade alike.</summary>
public static class ObservedPool
{
    /// <summary>The pool with that state, in integers where the observation has them.</summary>
    /// <param name="configured">The pool; its own state is a template.</param>
    /// <param name="state">The state, of as many numbers as the pool's curve has.</param>
    public static Pool Of(Pool configured, ReservesChanged state) =>
        configured with { Curve = configured.Curve.WithState(state.Reserves), Venue = state.Venue };
}
