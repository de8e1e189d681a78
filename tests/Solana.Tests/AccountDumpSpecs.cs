using QTrade.Solana.Dumps;

namespace QTrade.Solana.Tests;

/// <summary>What a dump of accounts tells of those that it does not hold.</summary>
public sealed class AccountDumpSpecs : IDisposable
{
    private readonly string _file = Path.Combine(Path.GetTempPath(), $"dump-{Guid.NewGuid():N}.csv");

    /// <summary>What is not there may stand in a line that could not be read.</summary>
    [Theory]
    [InlineData("", AccountPresence.Absent, 0)]
    [InlineData("4fuUiYxTQ6QCrdSq9ouBYcTM7bqSwYTSyLueGZLTy4T4,not base64 at all!\n", AccountPresence.Unknown, 1)]
    public void A_dump_with_lines_that_cannot_be_read_is_not_whole(string line, AccountPresence missing, int faults)
    {
        File.WriteAllText(_file, $"7qbRF6YsyGuLUVs6Y1q64bdVrfe4ZcUUz1JRdoVNUJnm,AQIDBA==\n{line}");
        AccountDump dump = AccountDump.Read(_file, ProgramIds.OrcaWhirlpool);

        Assert.True(Address.TryParse("HJPjoWUrhoZzkNfRpHuieeFk9WcZWjwy6PBjZ81ngndJ", out Address other));
        Assert.Equal((missing, faults), (dump.TryGet(other, out _), dump.FaultCount));
    }

    /// <summary>Names of columns are no account that could not be read; anywhere else they are a line of something else.</summary>
    [Theory]
    [InlineData("pubkey,data\n", "", AccountPresence.Absent, 0)]
    [InlineData("\"pubkey\",\"data\",\"owner\"\r\n", "", AccountPresence.Absent, 0)]
    [InlineData("\n\naddress , base64,owner,lamports\n", "", AccountPresence.Absent, 0)]
    [InlineData("pubkey\n", "", AccountPresence.Unknown, 1)]
    [InlineData("", "pubkey,data\n", AccountPresence.Unknown, 1)]
    [InlineData("pubkey,data\npubkey,data\n", "", AccountPresence.Unknown, 1)]
    [InlineData("7qbRF6YsyGuLUVs6Y1q64bdVrfe4ZcUUz1JRdoVNUJnx,AQIDBA=\n", "", AccountPresence.Unknown, 1)]
    [InlineData("7qbRF6YsyGuLUVs6,AQIDBA==\n", "", AccountPresence.Unknown, 1)]
    public void Names_of_columns_in_the_first_line_are_passed_over(string before, string after, AccountPresence missing, int faults)
    {
        File.WriteAllText(_file, $"{before}7qbRF6YsyGuLUVs6Y1q64bdVrfe4ZcUUz1JRdoVNUJnm,AQIDBA==\n{after}");
        AccountDump dump = AccountDump.Read(_file, ProgramIds.OrcaWhirlpool);

        Assert.True(Address.TryParse("HJPjoWUrhoZzkNfRpHuieeFk9WcZWjwy6PBjZ81ngndJ", out Address other));
        Assert.Equal((missing, faults), (dump.TryGet(other, out _), dump.FaultCount));
        Assert.Single(dump.Addresses);
    }

    /// <summary>Half a surrogate pair is JSON, and no text.</summary>
    [Theory]
    [InlineData("\"\\ud800\"", "\"11111111111111111111111111111111\"", "\"AQID\"")]
    [InlineData("\"7qbRF6YsyGuLUVs6Y1q64bdVrfe4ZcUUz1JRdoVNUJnm\"", "\"1111\\udc00\"", "\"AQID\"")]
    [InlineData("\"7qbRF6YsyGuLUVs6Y1q64bdVrfe4ZcUUz1JRdoVNUJnm\"", "\"11111111111111111111111111111111\"", "\"\\ud83dAQID\"")]
    public void Half_a_surrogate_pair_is_a_file_that_cannot_be_read(string pubkey, string owner, string data)
    {
        var file = Path.ChangeExtension(_file, ".json");
        File.WriteAllText(file, $$$"""{"pubkey":{{{pubkey}}},"account":{"lamports":1,"data":[{{{data}}},"base64"],"owner":{{{owner}}}}}""");
        AccountDump dump = AccountDump.Read(file, ProgramIds.OrcaWhirlpool);
        File.Delete(file);
        Assert.Equal((1, 0), (dump.FaultCount, dump.Addresses.Count));
    }

    public void Dispose() => File.Delete(_file);
}
