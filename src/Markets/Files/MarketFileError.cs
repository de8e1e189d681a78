using System.Text;

namespace QTrade.Markets.Files;

/// <summary>Why a market or result file cannot be used. <see cref="ToString"/> is the one line a person sees.</summary>
/// <param name="File">The file.</param>
/// <param name="Pool">Id of the pool it is about, where it is about one.</param>
/// <param name="Field">The field it is about, where it is about one.</param>
/// <param name="Line">Line in the file, from 1.</param>
/// <param name="Message">What is wrong and what to do.</param>
public sealed record MarketFileError(string File, string? Pool, string? Field, int? Line, string Message)
{
    /// <inheritdoc/>
    public override string ToString()
    {
        var line = new StringBuilder(File);
        if (Line is { } number)
            line.Append(':').Append(number);
        line.Append(": ");
        if (Pool is not null)
            line.Append("pool ").Append(Pool).Append(Field is null ? ": " : ", ");
        if (Field is not null)
            line.Append("field ").Append(Field).Append(": ");
        return line.Append(Message).ToString();
    }
}
