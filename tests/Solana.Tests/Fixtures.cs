using System.Text.Json;
using QTrade.Shared;
using QTrade.Solana.Dumps;

namespace QTrade.Solana.Tests;

/// <summary>Real accounts and the amounts that the programs gave for them, in the folder <c>shared</c>.</summary>
internal static class Fixtures
{
    private static readonly Lazy<AccountDump> Snapshot = new(() => Dump("orca-whirlpool-snapshot-185759999.csv.gz"));

    /// <summary>Every account of the Whirlpool program at slot 185,759,999.</summary>
    public static AccountDump Orca => Snapshot.Value;

    /// <summary>A dump or a folder of accounts.</summary>
    public static AccountDump Dump(string path) => AccountDump.Read(SharedFiles.At("solana/fixtures/" + path), ProgramIds.OrcaWhirlpool);

    /// <summary>The vectors of a file: one object a line, or an object that lists them.</summary>
    public static IReadOnlyList<JsonElement> Vectors(string file)
    {
        var path = SharedFiles.At("solana/vectors/" + file);
        if (file.EndsWith(".jsonl", StringComparison.Ordinal))
            return [.. File.ReadLines(path).Where(line => line.Length > 0).Select(line => JsonDocument.Parse(line).RootElement)];
        return [.. JsonDocument.Parse(File.ReadAllText(path)).RootElement.GetProperty("vectors").EnumerateArray()];
    }

    /// <summary>A pool of a dump, or why it is refused.</summary>
    public static PoolFault Assemble(AccountDump dump, string address, ChainClock clock, out SolanaPool? pool)
    {
        Assert.Equal(AccountPresence.Present, dump.TryGet(Address.Parse(address), out var account));
        return SolanaPools.Assemble(account, dump, clock, out pool, mintsMayBeUnknown: true);
    }

    /// <summary>A number that is written as a string, null for null.</summary>
    public static ulong? Amount(this JsonElement vector, string name) =>
        vector.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? ulong.Parse(value.GetString()!) : null;
}
