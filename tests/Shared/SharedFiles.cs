namespace QTrade.Shared;

/// <summary>The folder <c>shared</c> with markets and references that lies beside a checkout, where there is one.</summary>
public static class SharedFiles
{
    private static readonly string? Folder = FindUpwards("shared", "MARKET-FORMAT.md");
    private static readonly string? Checkout = FindUpwards("samples", "README.md");

    /// <summary>Why specs over that folder do not run, or null where it is there.</summary>
    public static string? Missing => Folder is null ? "needs the folder shared/ beside the checkout" : null;

    /// <summary>Path of a file in it, for instance <c>markets/references.json</c>.</summary>
    public static string At(string path) => Path.Combine(Folder ?? throw new DirectoryNotFoundException(Missing), path);

    /// <summary>Paths of its market files, by name.</summary>
    public static IReadOnlyList<string> Markets() =>
        Folder is null
            ? []
            : [.. Directory.GetFiles(At("markets"), "*.json")
                .Where(path => Path.GetFileName(path) != "references.json")
                .Order(StringComparer.Ordinal)];

    /// <summary>Path of a file in the checkout's own <c>samples</c>.</summary>
    public static string Sample(string name) => Path.Combine(Checkout ?? throw new DirectoryNotFoundException("samples"), name);

    private static string? FindUpwards(string folder, string holding)
    {
        for (var at = new DirectoryInfo(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            var candidate = Path.Combine(at.FullName, folder);
            if (File.Exists(Path.Combine(candidate, holding)))
                return candidate;
        }

        return null;
    }
}
