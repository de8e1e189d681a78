namespace QTrade.Node.Doctor;

/// <summary>How something is.</summary>
public enum Health
{
    /// <summary>As it should be.</summary>
    Good,

    /// <summary>A node runs, but not as it should.</summary>
    Doubtful,

    /// <summary>A node does not run.</summary>
    Bad,
}
