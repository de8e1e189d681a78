using Microsoft.Extensions.Logging;

namespace QTrade.Node.Terminal;

/// <summary>What a node says while it runs, one line each. A line that cannot be written is lost: who says it has more important work.</summary>
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
        try
        {
            lock (_one)
                output.WriteLine(line);
        }
        catch (Exception closed) when (closed is IOException or ObjectDisposedException)
        {
        }
    }
}
