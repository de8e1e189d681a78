using Microsoft.Extensions.Configuration;

namespace QTrade.Hocon.Configuration;

/// <summary>Adds HOCON documents as layers; a later layer wins.</summary>
public static class HoconConfigurationExtensions
{
    /// <param name="builder">The builder.</param>
    /// <param name="path">Path of the file.</param>
    /// <param name="optional">Whether a file that does not exist is an empty layer.</param>
    public static IConfigurationBuilder AddHoconFile(this IConfigurationBuilder builder, string path, bool optional = false) =>
        builder.Add(new HoconConfigurationSource { Path = path, Optional = optional });

    /// <param name="builder">The builder.</param>
    /// <param name="text">The document.</param>
    /// <param name="name">What origins call it.</param>
    public static IConfigurationBuilder AddHoconString(this IConfigurationBuilder builder, string text, string name = "text") =>
        builder.Add(new HoconConfigurationSource { Text = text, Name = name });
}
