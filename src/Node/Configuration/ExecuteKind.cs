namespace QTrade.Node.Configuration;

/// <summary>What becomes of a route.</summary>
public enum ExecuteKind
{
    /// <summary>It is filled by the pools' exact arithmetic, in the books only.</summary>
    Paper,

    /// <summary>It is sent to a chain's simulation.</summary>
    Simulate,

    /// <summary>It is sent to the chain.</summary>
    Live,
}
