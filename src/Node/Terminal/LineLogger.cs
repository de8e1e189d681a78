using Microsoft.Extensions.Logging;

namespace QTrade.Node.Terminal;

/// <summary>What a node says while it runs, one line each.</summary>
internal sealed class LineLogger(TextWriter output) : ILogger
{
    private readonly Lock _one = new();

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (!IsEnabled(logLevel))
            return;
        string line = $"{logLevel.ToString().ToLowerInvariant()}: {formatter(state, exception).ReplaceLineEndings(" ")}";
        lock (_one)
            output.WriteLine(line);
    }
}
