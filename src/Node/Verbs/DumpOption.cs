using System.CommandLine;
using QTrade.Solana;
using QTrade.Solana.Dumps;

namespace QTrade.Node.Verbs;

/// <summary>What the verbs that read account dumps have in common.</summary>
internal static class DumpOption
{
    public const string Description =
        "Accounts: .csv or .csv.gz (address,base64 a line), .json as 'solana account --output json' prints it, or a folder of these.";

    public static Option<string> Program() => new("--program")
    {
        Description = "Owner of the accounts in a .csv that does not tell owners.",
        HelpName = "ADDRESS",
        DefaultValueFactory = _ => ProgramIds.OrcaWhirlpool.ToString(),
    };

    public static Option<ulong?> Slot() => new("--slot") { Description = "The chain's slot; newest by default.", HelpName = "N" };

    public static Option<long?> UnixTime() => new("--unix-time") { Description = "The chain's time in seconds since 1970; now by default.", HelpName = "N" };

    /// <summary>Reads a dump, or says why not.</summary>
    public static bool TryRead(string path, string program, ProgramEnvironment environment, out AccountDump? dump, out string? error)
    {
        dump = null;
        error = null;
        var file = environment.Locate(path);
        if (!Address.TryParse(program, out var owner))
            error = $"--program is '{program}': an address is needed";
        else if (!File.Exists(file) && !Directory.Exists(file))
            error = $"{file}: there is no such file or folder";
        if (error is not null)
            return false;
        try
        {
            dump = AccountDump.Read(file, owner);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            error = $"{file}: {fault.Message.ReplaceLineEndings(" ")}";
            return false;
        }

        if (dump.Addresses.Count == 0)
            error = dump.Faults.Count > 0 ? dump.Faults[0] : $"{file}: holds no accounts";
        return error is null;
    }

    /// <summary>The clock of a request: what is told, else what the dump's clock account tells, else now.</summary>
    public static ChainClock Clock(AccountDump dump, ulong? slot, long? unixTime, ProgramEnvironment environment)
    {
        var told = ClockSysvar.TryRead(dump, out var clock) ? clock : new ChainClock(ChainClock.SlotNotTold, environment.Time.GetUtcNow().ToUnixTimeSeconds());
        return new ChainClock(slot ?? told.Slot, unixTime ?? told.UnixTime);
    }
}
