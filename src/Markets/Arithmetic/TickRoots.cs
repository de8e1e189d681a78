using System.Collections.Immutable;

namespace QTrade.Markets.Arithmetic;

/// <summary>The square roots of one array of ticks, drawn when they are first asked for. Any number of threads may ask.</summary>
internal sealed class TickRoots
{
    private Drawn? _drawn;

    /// <summary>floor(sqrt(tick) 2^192) of each tick.</summary>
    public ReadOnlySpan<UInt256> Of(ImmutableArray<double> ticks)
    {
        var drawn = Volatile.Read(ref _drawn);
        if (drawn is null || drawn.Ticks != ticks)
        {
            drawn = new Drawn(ticks);
            Volatile.Write(ref _drawn, drawn);
        }

        return drawn.Roots;
    }

    private sealed class Drawn
    {
        public Drawn(ImmutableArray<double> ticks)
        {
            Ticks = ticks;
            Roots = new UInt256[ticks.Length];
            for (var i = 0; i < Roots.Length; i++)
                Roots[i] = SquareRoot.OfDown(ticks[i]);
        }

        public ImmutableArray<double> Ticks { get; }

        public UInt256[] Roots { get; }
    }
}
