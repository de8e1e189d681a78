using Microsoft.Extensions.Configuration;

namespace QTrade.Hocon.Configuration;

/// <summary>A HOCON document as a layer of configuration: a file, or a text.</summary>
public sealed class HoconConfigurationSource : IConfigurationSource
{
    /// <summary>Path of the file; null for a text.</summary>
    public string? Path { get; init; }

    /// <summary>Whether a file that does not exist is an empty layer.</summary>
    public bool Optional { get; init; }

    /// <summary>The document itself where there is no file.</summary>
    public string? Text { get; init; }

    /// <summary>What origins call the text.</summary>
    public string Name { get; init; } = "text";

    /// <summary>Where substitutions look that the document does not define; the process's environment by default.</summary>
    public Func<string, string?>? Environment { get; init; }

    public IConfigurationProvider Build(IConfigurationBuilder builder) => new HoconConfigurationProvider(this);
}
