using QTrade.Hocon.Parsing;
using QTrade.Hocon.Resolution;

namespace QTrade.Hocon;

/// <summary>
/// Reads HOCON documents (the format of lightbend/config, HOCON.md) and resolves their substitutions. Every failure, whatever the
/// bytes, is a <see cref="HoconException"/>.
/// </summary>
public static class HoconReader
{
    /// <summary>Reads a file. Its includes are looked for beside it.</summary>
    /// <param name="path">Path of the file.</param>
    /// <param name="environment">Where a substitution looks that the document does not define; the process's environment by default.</param>
    public static HoconValue ReadFile(string path, Func<string, string?>? environment = null)
    {
        var includes = new Includes();
        return Resolve(includes.ParseRootFile(path), environment);
    }

    /// <summary>Reads a text.</summary>
    /// <param name="text">The document.</param>
    /// <param name="name">What origins call it.</param>
    /// <param name="includeDirectory">Where its includes are looked for; none by default, and then an include is an error.</param>
    /// <param name="environment">As in <see cref="ReadFile"/>.</param>
    public static HoconValue ReadText(
        string text,
        string name = "text",
        string? includeDirectory = null,
        Func<string, string?>? environment = null)
    {
        var source = new SourceText(name, text);
        if (text.Length > HoconLimits.MaxBytes)
            throw source.Error(0, $"the text is longer than {HoconLimits.MaxBytes} characters");
        return Resolve(new Parser(source, includeDirectory, new Includes(), IncludePrefixes.None).ParseDocument(), environment);
    }

    /// <summary>Reads the bytes of a document, UTF-8 with or without a byte order mark.</summary>
    public static HoconValue ReadBytes(
        ReadOnlySpan<byte> bytes,
        string name = "bytes",
        string? includeDirectory = null,
        Func<string, string?>? environment = null) =>
        ReadText(SourceText.Decode(name, bytes), name, includeDirectory, environment);

    private static HoconValue Resolve(Node root, Func<string, string?>? environment) =>
        new Resolver(root, environment ?? Environment.GetEnvironmentVariable).Resolve();
}
