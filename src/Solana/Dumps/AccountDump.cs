using System.Buffers.Text;
using System.IO.Compression;
using System.Text;
using System.Text.Json;
using QTrade.Solana.Orca;

namespace QTrade.Solana.Dumps;

/// <summary>
/// Accounts from files. A <c>.csv</c> or <c>.csv.gz</c> holds all accounts of one program, one a line: address, bytes in base64, and, where a third
/// field is an address, the owner; the first line may name these columns. A <c>.json</c> is what <c>solana account --output json</c> prints. A folder holds such files, also in folders
/// below it.
/// </summary>
public sealed class AccountDump : IAccountSource, IWholeProgram
{
    /// <summary>Most bytes of an account, the chain's own bound.</summary>
    public const int AccountBytesMax = 10 * 1024 * 1024;

    /// <summary>Most accounts that are read.</summary>
    public const int AccountsMax = 2_000_000;

    private const int LineCharactersMax = AccountBytesMax / 3 * 4 + 256;

    private readonly Dictionary<Address, Entry> _accounts = [];
    private Dictionary<Address, List<Address>>? _tickArrays;
    private bool _isWhole = true;

    /// <summary>Addresses in the order in which they were read.</summary>
    public IReadOnlyCollection<Address> Addresses => _accounts.Keys;

    /// <summary>What could not be read: file, line and reason. The rest was.</summary>
    public IReadOnlyList<string> Faults => _faults;

    private const int FaultsMax = 100;
    private readonly List<string> _faults = [];

    /// <summary>How many lines or files could not be read.</summary>
    public int FaultCount { get; private set; }

    /// <summary>Reads a file or a folder.</summary>
    /// <param name="path">Where it is.</param>
    /// <param name="program">The owner of accounts in a file that does not tell owners.</param>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It cannot be read.</exception>
    public static AccountDump Read(string path, Address program)
    {
        var dump = new AccountDump();
        if (!Directory.Exists(path))
        {
            dump.ReadFile(path, program);
            return dump;
        }

        dump._isWhole = false;
        foreach (var file in Directory.EnumerateFiles(path, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            if (IsJson(file) || IsCsv(file))
                dump.ReadFile(file, program);
        }

        return dump;
    }

    /// <summary>Puts an account in, or another in its place.</summary>
    public void Set(in Address address, in Address owner, byte[] data, ulong lamports = 1)
    {
        _accounts[address] = new Entry(owner, data, lamports);
        _tickArrays = null;
    }

    /// <inheritdoc/>
    public AccountPresence TryGet(scoped in Address address, out AccountView account)
    {
        if (_accounts.TryGetValue(address, out var entry))
        {
            account = new AccountView(address, entry.Owner, entry.Data, entry.Lamports);
            return AccountPresence.Present;
        }

        account = default;
        return _isWhole ? AccountPresence.Absent : AccountPresence.Unknown;
    }

    /// <inheritdoc/>
    public bool TryTickArrays(in Address pool, out IReadOnlyList<Address> arrays)
    {
        arrays = [];
        if (!_isWhole)
            return false;
        _tickArrays ??= TickArraysByPool();
        if (_tickArrays.TryGetValue(pool, out var found))
            arrays = found;
        return true;
    }

    private Dictionary<Address, List<Address>> TickArraysByPool()
    {
        var byPool = new Dictionary<Address, List<Address>>();
        foreach (var (address, entry) in _accounts)
        {
            if (entry.Owner != ProgramIds.OrcaWhirlpool || !WhirlpoolTickArray.TryReadPool(entry.Data, out var pool))
                continue;
            if (!byPool.TryGetValue(pool, out var arrays))
                byPool[pool] = arrays = [];
            arrays.Add(address);
        }

        return byPool;
    }

    private static bool IsJson(string file) => file.EndsWith(".json", StringComparison.OrdinalIgnoreCase);

    private static bool IsCsv(string file) =>
        file.EndsWith(".csv", StringComparison.OrdinalIgnoreCase) || file.EndsWith(".csv.gz", StringComparison.OrdinalIgnoreCase);

    private void ReadFile(string file, in Address program)
    {
        if (IsJson(file))
        {
            _isWhole = false;
            ReadJson(file);
            return;
        }

        using Stream raw = File.OpenRead(file);
        using var stream = file.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? new GZipStream(raw, CompressionMode.Decompress) : raw;
        try
        {
            using var reader = new StreamReader(stream, Encoding.ASCII, detectEncodingFromByteOrderMarks: false, bufferSize: 1 << 16);
            ReadLines(file, reader, program);
        }
        catch (InvalidDataException)
        {
            Fault(file, "is not a gzip file, or is cut off");
        }
    }

    private void ReadLines(string file, StreamReader reader, in Address program)
    {
        var lines = new BoundedLines(reader, LineCharactersMax);
        var mayNameColumns = true;
        for (var number = 1; lines.TryNext(out var line); number++)
        {
            if (line.IsEmpty)
                continue;
            if (_accounts.Count >= AccountsMax)
            {
                Fault(file, $"line {number}: more than {AccountsMax} accounts; the rest is left out");
                return;
            }

            if (!TryLine(line, program) && !(mayNameColumns && NamesColumns(line)))
                Fault(file, $"line {number}: address, bytes in base64 and perhaps an owner, separated by commas, are needed");
            mayNameColumns = false;
        }

        if (lines.WasTooLong)
            Fault(file, $"a line has more than {LineCharactersMax} characters; the rest is left out");
    }

    private bool TryLine(ReadOnlySpan<char> line, Address program)
    {
        Span<Range> fields = stackalloc Range[4];
        var count = line.Split(fields, ',');
        if (count < 2 || !Address.TryParse(line[fields[0]].Trim(), out var address))
            return false;
        if (count > 2 && Address.TryParse(line[fields[2]].Trim(), out var owner))
            program = owner;
        return TryBase64(line[fields[1]].Trim(), out var data) && Keep(address, program, data, 1);
    }

    // Of the names that tools give to the first column; anything else may be an account that was torn.
    private static bool NamesColumns(ReadOnlySpan<char> line)
    {
        var end = line.IndexOf(',');
        var name = end < 0 ? default : line[..end].Trim().Trim('"');
        return name.Equals("pubkey", StringComparison.OrdinalIgnoreCase)
            || name.Equals("address", StringComparison.OrdinalIgnoreCase)
            || name.Equals("account", StringComparison.OrdinalIgnoreCase);
    }

    private static bool TryBase64(ReadOnlySpan<char> text, out byte[] data)
    {
        data = [];
        var room = Base64.GetMaxDecodedFromUtf8Length(text.Length);
        if (room > AccountBytesMax)
            return false;
        var bytes = new byte[room];
        if (!Convert.TryFromBase64Chars(text, bytes, out var length))
            return false;
        data = length == room ? bytes : bytes[..length];
        return true;
    }

    private void ReadJson(string file)
    {
        if (new FileInfo(file).Length > LineCharactersMax)
        {
            Fault(file, $"has more than {LineCharactersMax} bytes");
            return;
        }

        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(file));
            if (!TryAccount(document.RootElement, file))
                Fault(file, "is not an account as 'solana account --output json' prints it: pubkey and account {lamports, data [base64], owner} are needed");
        }
        catch (JsonException fault)
        {
            Fault(file, $"line {fault.LineNumber + 1}: is not JSON");
        }
        catch (InvalidOperationException)
        {
            Fault(file, "holds a text that is no Unicode");
        }
    }

    private bool TryAccount(JsonElement root, string file)
    {
        if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("account", out var account) || account.ValueKind != JsonValueKind.Object)
            return false;
        var name = root.TryGetProperty("pubkey", out var pubkey) && pubkey.ValueKind == JsonValueKind.String
            ? pubkey.GetString()
            : Path.GetFileNameWithoutExtension(file);
        if (!Address.TryParse(name, out var address)
            || !account.TryGetProperty("owner", out var owner) || owner.ValueKind != JsonValueKind.String
            || !Address.TryParse(owner.GetString(), out var program)
            || !account.TryGetProperty("data", out var data))
            return false;
        if (data.ValueKind == JsonValueKind.Array && data.GetArrayLength() > 0)
            data = data[0];
        ulong lamports = account.TryGetProperty("lamports", out var balance) && balance.ValueKind == JsonValueKind.Number
            && balance.TryGetUInt64(out var told) ? told : 1;
        return data.ValueKind == JsonValueKind.String && TryBase64(data.GetString(), out var bytes) && Keep(address, program, bytes, lamports);
    }

    private bool Keep(in Address address, in Address owner, byte[] data, ulong lamports)
    {
        Set(address, owner, data, lamports);
        return true;
    }

    private void Fault(string file, string message)
    {
        FaultCount++;

        // What is not there may be what could not be read.
        _isWhole = false;
        if (_faults.Count < FaultsMax)
            _faults.Add($"{file}: {message}");
    }

    private readonly record struct Entry(Address Owner, byte[] Data, ulong Lamports);
}
