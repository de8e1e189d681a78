namespace QTrade.Node.Configuration;

/// <summary>What a person sees while a node runs.</summary>
public sealed class TerminalOptions
{
    /// <summary>How often the view is drawn anew in a terminal.</summary>
    [DurationRange("50ms", "1h")]
    public TimeSpan RefreshInterval { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>How often one line is written where the output is no terminal.</summary>
    [DurationRange("100ms", "1d")]
    public TimeSpan LineInterval { get; init; } = TimeSpan.FromSeconds(5);
}
