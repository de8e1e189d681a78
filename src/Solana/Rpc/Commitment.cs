namespace QTrade.Solana.Rpc;

/// <summary>How settled the chain's state must be that an endpoint tells.</summary>
public enum Commitment
{
    /// <summary>The newest block that the node processed; it may be abandoned.</summary>
    Processed,

    /// <summary>Voted for by two thirds of the stake.</summary>
    Confirmed,

    /// <summary>Rooted.</summary>
    Finalized,
}
