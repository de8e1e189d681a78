using System.Collections.Immutable;
using QTrade.Markets;
using QTrade.Markets.Files;
using QTrade.Messages.Execution;
using QTrade.Messages.Registry;

namespace QTrade.Messages.Wire;

/// <summary>
/// Wire forms of pool configuration and token registry. A pool travels as a market file of its own, so that a new kind of pool
/// needs nothing here.
/// </summary>
internal static class RegistryForms
{
    private const string PoolName = "pool";
    private const int WithTokenFees = 2;

    public static ImmutableArray<WireForm> All { get; } =
    [
        new WireForm<ConfigurePool>("pool-configuration.configure", WithTokenFees, Write, ReadConfigure, configure => VersionWith(configure.Pool)),
        new WireForm<RetirePool>("pool-configuration.retire", 1, Write, ReadRetire),
        new WireForm<PoolConfigured>("pool-configuration.configured", WithTokenFees, Write, ReadConfigured, configured => VersionWith(configured.Pool)),
        new WireForm<PoolRetired>("pool-configuration.retired", 1, Write, ReadRetired),
        new WireForm<RegisterToken>("token.register", 1, (register, writer) => WriteToken(writer, register.Token), ReadRegister),
        new WireForm<TokenRegistered>("token.registered", 1, Write, ReadRegistered),
    ];

    /// <summary>A market as the bytes of its file.</summary>
    public static Market? ReadMarket(ref ProtoReader reader)
    {
        if (MarketFile.TryRead(reader.Bytes(), PoolName, out var market, out _))
            return market;
        reader.Fail();
        return null;
    }

    // A program that does not know fees per token says so, instead of taking the file for a broken one.
    private static int VersionWith(Pool pool) => pool.HasTokenFees ? WithTokenFees : 1;

    private static void Write(ConfigurePool configure, ProtoWriter writer)
    {
        WritePool(writer, configure.Pool);
        Fields.Write(writer, 3, configure.By);
    }

    private static void Write(RetirePool retire, ProtoWriter writer)
    {
        writer.Text(1, retire.PoolId.Value);
        Fields.Write(writer, 3, retire.By);
    }

    private static void Write(PoolConfigured configured, ProtoWriter writer)
    {
        writer.Int(1, configured.Sequence);
        WritePool(writer, configured.Pool);
        Fields.Write(writer, 3, configured.By);
    }

    private static void Write(PoolRetired retired, ProtoWriter writer)
    {
        writer.Text(1, retired.PoolId.Value);
        writer.Int(2, retired.Sequence);
        Fields.Write(writer, 3, retired.By);
    }

    private static void Write(TokenRegistered registered, ProtoWriter writer)
    {
        writer.Int(1, registered.Sequence);
        WriteToken(writer, registered.Token);
    }

    private static ConfigurePool? ReadConfigure(ref ProtoReader reader) =>
        ReadPool(ref reader) is (_, { } pool, var by) ? new ConfigurePool(pool) { By = by } : null;

    private static PoolConfigured? ReadConfigured(ref ProtoReader reader) =>
        ReadPool(ref reader) is (var sequence, { } pool, var by) ? new PoolConfigured(sequence, pool) { By = by } : null;

    private static RetirePool ReadRetire(ref ProtoReader reader)
    {
        var (id, _, by) = ReadRetirement(ref reader);
        return new RetirePool(id) { By = by };
    }

    private static PoolRetired ReadRetired(ref ProtoReader reader)
    {
        var (id, sequence, by) = ReadRetirement(ref reader);
        return new PoolRetired(id, sequence) { By = by };
    }

    private static (PoolId Id, long Sequence, Operator? By) ReadRetirement(ref ProtoReader reader)
    {
        var id = "";
        long sequence = 0;
        Operator? by = null;
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1: id = reader.Text(); break;
                case 2: sequence = reader.Int(); break;
                case 3: by = Fields.ReadOperator(ref reader); break;
                default: break;
            }
        }

        return (new PoolId(id), sequence, by);
    }

    private static RegisterToken? ReadRegister(ref ProtoReader reader) =>
        ReadRegistration(ref reader) is (_, { } token) ? new RegisterToken(token) : null;

    private static TokenRegistered? ReadRegistered(ref ProtoReader reader) =>
        ReadRegistration(ref reader) is (var sequence, { } token) ? new TokenRegistered(sequence, token) : null;

    private static (long Sequence, Token? Token) ReadRegistration(ref ProtoReader reader)
    {
        long sequence = 0;
        Token? token = null;
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1: sequence = reader.Int(); break;
                case 2: token = ReadToken(ref reader); break;
                default: break;
            }
        }

        return (sequence, token);
    }

    /// <summary>A pool as field 2, in a market file of its own.</summary>
    internal static void WritePool(ProtoWriter writer, Pool pool)
    {
        var alone = new Market
        {
            Name = PoolName,
            Tokens = [.. pool.Tokens.Select(token => new Token { Id = token, Value = 0 })],
            Pools = [pool],
        };
        writer.Bytes(2, MarketFile.Write(alone));
    }

    /// <summary>The pool of a market file that holds it alone.</summary>
    internal static Pool? ReadPoolAlone(ref ProtoReader reader) => ReadMarket(ref reader) is { Pools: [var only] } ? only : null;

    private static (long Sequence, Pool? Pool, Operator? By) ReadPool(ref ProtoReader reader)
    {
        long sequence = 0;
        Pool? pool = null;
        Operator? by = null;
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1: sequence = reader.Int(); break;
                case 2: pool = ReadPoolAlone(ref reader); break;
                case 3: by = Fields.ReadOperator(ref reader); break;
                default: break;
            }
        }

        return (sequence, pool, by);
    }

    private static void WriteToken(ProtoWriter writer, Token token)
    {
        var mark = writer.Begin(2);
        writer.Text(1, token.Id.Value);
        writer.Double(2, token.Value);
        writer.Double(3, token.Holding);
        writer.OptionalText(4, token.Mint);
        writer.OptionalText(5, token.Symbol);
        writer.OptionalInt(6, token.Decimals);
        writer.End(mark);
    }

    private static Token? ReadToken(ref ProtoReader outer)
    {
        var reader = new ProtoReader(outer.Bytes());
        string id = "";
        string? mint = null, symbol = null;
        double value = 0, holding = 0;
        int? decimals = null;
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1: id = reader.Text(); break;
                case 2: value = reader.Double(); break;
                case 3: holding = reader.Double(); break;
                case 4: mint = reader.Text(); break;
                case 5: symbol = reader.Text(); break;
                case 6: decimals = reader.Int32(); break;
                default: break;
            }
        }

        if (reader.Faulty)
            outer.Fail();
        return new Token { Id = new TokenId(id), Value = value, Holding = holding, Mint = mint, Symbol = symbol, Decimals = decimals };
    }
}
