namespace QTrade.Solver.Warm;

/// <summary>The pools of a neighbourhood, how their ends are numbered among its tokens, and how the system over these is solved.</summary>
internal sealed class JoinedPools
{
    /// <summary>Per pool of the neighbourhood: its number in the problem, its ends, -1 for a token outside, and where its weight is kept in <see cref="Matrix"/>.</summary>
    public int[] Pools { get; private set; } = [];

    public int[] First { get; private set; } = [];

    public int[] Second { get; private set; } = [];

    public int[] Slot { get; private set; } = [];

    public int Count { get; set; }

    /// <summary>Whether every token has many pools to others; whether these are factored in lanes.</summary>
    public bool IsWellJoined { get; set; }

    public bool IsInLanes { get; set; }

    /// <summary>The system where it is solved by sparse elimination.</summary>
    public GroundedLaplacian Matrix { get; } = new();

    public void Grow(int size) => (Pools, First, Second, Slot) = (new int[size], new int[size], new int[size], new int[size]);
}
