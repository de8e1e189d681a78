using System.Text;
using QTrade.Markets.Files;
using QTrade.Shared;

namespace QTrade.Markets.Tests.Files;

/// <summary>What a market file may be, and the one line that a person gets when it is not.</summary>
public sealed class MarketFileSpecs
{
    private const string Tokens = """{"id":"A","value":1},{"id":"B","value":2},{"id":"C","value":3}""";
    private const string Product = """{"id":"p1","kind":"product","tokens":["A","B"],"fee":0.003,"reserves":[10,20]}""";

    [Fact]
    public void Everything_a_file_may_hold_is_read()
    {
        var market = Read("""
            {"format":"qtrade.market/1","name":"all","source":"here","slot":7,"units":"base",
             "tokens":[{"id":"A","mint":"mint","symbol":"SYM","decimals":9,"value":"1.5","holding":4},{"id":"B","value":0}],
             "pools":[{"id":"p1","dex":"venue","kind":"product","tokens":["A","B"],"fee":"0.003","feeOut":0.01,
                       "tokenFees":["0.5",0],"tokenFeesOut":[0,0.25],"maxTender":[5,null],"reserves":["1000","1e3"]}],
             "limits":{"maxPools":5,"costPerPool":0.0001}}
            """);
        Assert.Equal(("all", "here", 7L, AmountUnit.Base), (market.Name, market.Source, market.Slot, market.Units));
        Assert.Equal(new Token { Id = new("A"), Mint = "mint", Symbol = "SYM", Decimals = 9, Value = 1.5, Holding = 4 }, market.Tokens[0]);
        var expected = new Pool
        {
            Id = new("p1"),
            Dex = "venue",
            Tokens = [new("A"), new("B")],
            Fee = 0.003,
            FeeOut = 0.01,
            TokenFees = [0.5, 0],
            TokenFeesOut = [0, 0.25],
            MaxTender = [5, double.PositiveInfinity],
            Curve = new ProductCurve([1000, 1000]),
        };
        Assert.Equal(expected, market.Pools[0]);
        Assert.Equal(new MarketLimits(5, 0.0001), market.Limits);
    }

    [Fact]
    public void Defaults_are_the_formats()
    {
        var market = Read(File("""{"id":"p1","kind":"sum","tokens":["A","B"],"fee":0,"reserves":[1,2]}"""));
        Assert.Equal((AmountUnit.Whole, null, null), (market.Units, market.Slot, market.Limits));
        Assert.Equal(0, market.Tokens[0].Holding);
        Assert.Equal((0, true), (market.Pools[0].FeeOut, market.Pools[0].MaxTender.IsEmpty));
        Assert.Equal(new SumCurve([1, 2], [1, 1]), market.Pools[0].Curve);
    }

    [Theory]
    [InlineData("0.1")]
    [InlineData("123456789012345678901234567890")]
    [InlineData("9007199254740993")]
    [InlineData("2.2250738585072011e-308")]
    [InlineData("1.7976931348623157e308")]
    public void A_number_and_the_same_text_mean_the_nearest_double(string number)
    {
        var market = Read(File($$"""{"id":"p1","kind":"product","tokens":["A","B"],"fee":0,"reserves":[{{number}},"{{number}}"]}"""));
        Assert.Equal(double.Parse(number), market.Pools[0].Curve.State[0]);
        Assert.Equal(market.Pools[0].Curve.State[0], market.Pools[0].Curve.State[1]);
    }

    [Fact]
    public void Numbers_come_back_to_the_same_bits()
    {
        Random random = new(5);
        for (var i = 0; i < 2_000; i++)
        {
            var (x, y) = (AnyPositive(random), AnyPositive(random));
            var market = Read(File(Product));
            var changed = market with { Pools = [market.Pools[0] with { Curve = new ProductCurve([x, y]) }] };
            Assert.True(MarketFile.TryRead(MarketFile.Write(changed), "again", out var again, out var error), error?.ToString());
            Assert.Equal(BitConverter.DoubleToInt64Bits(x), BitConverter.DoubleToInt64Bits(again.Pools[0].Curve.State[0]));
            Assert.Equal(BitConverter.DoubleToInt64Bits(y), BitConverter.DoubleToInt64Bits(again.Pools[0].Curve.State[1]));
        }
    }

    [Fact]
    public void Fees_of_tokens_are_written_where_there_are_any_and_come_back()
    {
        var bytes = MarketFile.Write(Read(File(Product)));
        Assert.DoesNotContain("tokenFees", Encoding.UTF8.GetString(bytes));
        Assert.Equal(bytes, MarketFile.Write(Read(File(Product.Replace("\"reserves\"", "\"tokenFees\":[0,-0.0],\"tokenFeesOut\":[0,0],\"reserves\"")))));
        var market = Read(File(Product.Replace("\"reserves\"", "\"tokenFeesOut\":[0,0.1],\"reserves\"")));
        Assert.Equal((true, true), (market.Pools[0].HasTokenFees, market.Pools[0].TokenFees.IsEmpty));
        var text = Encoding.UTF8.GetString(MarketFile.Write(market));
        Assert.Contains("\"fee\":0.003,\"tokenFeesOut\":[0,0.1],\"reserves\"", text);
        Assert.Equal(market, Read(text));
    }

    [Fact]
    public void A_negative_zero_is_zero()
    {
        var state = Read(File(Product.Replace("[10,20]", "[-0.0,20]"))).Pools[0].Curve.State;
        Assert.Equal(0L, BitConverter.DoubleToInt64Bits(state[0]));
    }

    [Fact]
    public void Zero_reserves_and_zero_liquidity_are_legal()
    {
        Read(File(Product.Replace("[10,20]", "[0,0]")));
        Read(File("""{"id":"p","kind":"concentrated","tokens":["A","B"],"fee":0,"price":5,"ticks":[1,2],"liquidity":[0]}"""));
        Read(File("""{"id":"p","kind":"bins","tokens":["A","B"],"fee":0,"bins":[[1,0,0],[2,0,0]]}"""));
    }

    [Fact]
    public void A_byte_order_mark_is_no_fault() =>
        Assert.True(MarketFile.TryRead([0xEF, 0xBB, 0xBF, .. Encoding.UTF8.GetBytes(File(Product))], "m", out _, out _));

    public static TheoryData<string, string> Broken => new()
    {
        // The file as a whole.
        { "", "m.json:1: is not JSON" },
        { "[]", "m.json:1: must be a JSON object" },
        { "{\"format\":\"qtrade.market/2\"}", "field format: is 'qtrade.market/2'" },
        { File(Product).Replace("\"name\":\"test\",", ""), "field name: is missing" },
        { File(Product).Replace("\"name\"", "\"nmae\""), "field name: is missing" },
        { File(Product).Replace("\"tokens\":[{", "\"extra\":1,\"tokens\":[{"), "field extra: is not a field of this format" },
        { File(Product).Replace("\"name\"", "\"units\":\"lamports\",\"name\""), "field units: must be 'whole' or 'base'" },
        { File(Product).Replace("\"name\"", "\"slot\":-1,\"name\""), "field slot: must be a whole number" },
        { File(Product).Replace("\"name\"", "\"slot\":1.5,\"name\""), "field slot: must be a whole number" },
        { File(Product).Replace("\"name\":\"test\"", "\"name\":\"test\",\"name\":\"test\""), "field name: is given twice" },
        { File(Product).Replace("\"name\":\"test\"", "\"name\":7"), "field name: must be a text" },
        { File(Product).Replace("\"name\"", "\"limits\":{\"maxPools\":-1},\"name\""), "field limits.maxPools" },
        { File(Product).Replace("\"name\"", "\"limits\":{\"costPerPool\":-1},\"name\""), "field limits.costPerPool" },
        { File(Product).Replace("\"name\"", "\"limits\":{\"cost\":1},\"name\""), "field limits.cost: is not a field" },
        { File(Product).Replace("\"name\"", "\"limits\":3,\"name\""), "field limits: must be a JSON object" },
        { File(Product) + "x", "is not JSON" },
        { File(Product).Replace("\"test\"", "\"\\ud800\""), "half a surrogate pair" },

        // Tokens.
        { File(Product).Replace("\"value\":2", "\"value\":-2"), "field tokens[1].value: must be a finite number of at least 0" },
        { File(Product).Replace("\"value\":2", "\"value\":\"NaN\""), "field tokens[1].value: must be a finite number" },
        { File(Product).Replace("\"value\":2", "\"value\":1e999"), "field tokens[1].value: must be a finite number" },
        { File(Product).Replace("\"value\":2", "\"worth\":2"), "field tokens[1].value: is missing" },
        { File(Product).Replace("\"value\":2", "\"value\":2,\"holding\":-1"), "field tokens[1].holding" },
        { File(Product).Replace("\"value\":2", "\"value\":2,\"decimals\":2.5"), "field tokens[1].decimals" },
        { File(Product).Replace("{\"id\":\"B\"", "{\"id\":\"A\""), "field tokens[1].id: 'A' is another token's id too" },
        { File(Product).Replace("{\"id\":\"B\"", "{\"id\":\"\""), "field tokens[1].id: must not be empty" },
        { File(Product).Replace("{\"id\":\"B\"", "{\"id\":\"a\\nb\""), "field tokens[1].id: must not hold control characters" },

        // What pools of every kind share.
        { File(Product.Replace("\"kind\":\"product\",", "")), "pool p1, field kind: is missing" },
        { File(Product.Replace("\"product\"", "\"square\"")), "pool p1, field kind: 'square' is not a kind of pool" },
        { File(Product.Replace("\"id\":\"p1\",", "")), "field pools[0].id: is missing" },
        { File(Product + "," + Product), "pool p1, field id: is another pool's id too" },
        { File(Product.Replace("[\"A\",\"B\"]", "[\"A\",\"Z\"]")), "pool p1, field tokens[1]: 'Z' is not a token of this market" },
        { File(Product.Replace("[\"A\",\"B\"]", "[\"A\",\"A\"]")), "pool p1, field tokens[1]: 'A' is named twice" },
        { File(Product.Replace("[\"A\",\"B\"]", "[\"A\"]")), "pool p1, field tokens: must name at least two" },
        { File(Product.Replace("[\"A\",\"B\"]", "[\"A\",\"B\",\"C\"]")), "pool p1, field tokens: a product pool has two tokens, not 3" },
        { File(Product.Replace("\"fee\":0.003,", "")), "pool p1, field fee: is missing" },
        { File(Product.Replace("0.003", "1")), "pool p1, field fee: must be a fee" },
        { File(Product.Replace("0.003", "-0.1")), "pool p1, field fee: must be a fee" },
        { File(Product.Replace("0.003", "\"Infinity\"")), "pool p1, field fee: must be a finite number" },
        { File(Product.Replace("0.003", "\"0x1\"")), "pool p1, field fee: must be a finite number" },
        { File(Product.Replace("0.003", "\"\"")), "pool p1, field fee: must be a finite number" },
        { File(Product.Replace("0.003", "null")), "pool p1, field fee: must be a finite number" },
        { File(Product.Replace("0.003", "0,\"feeOut\":1")), "pool p1, field feeOut: must be a fee" },
        { File(Product.Replace("0.003", "0,\"tokenFees\":[0.1]")), "pool p1, field tokenFees: must hold 2 numbers, not 1" },
        { File(Product.Replace("0.003", "0,\"tokenFees\":[]")), "pool p1, field tokenFees: must hold 2 numbers, not 0" },
        { File(Product.Replace("0.003", "0,\"tokenFees\":[0,0,0]")), "pool p1, field tokenFees: must hold 2 numbers, not 3" },
        { File(Product.Replace("0.003", "0,\"tokenFees\":[0,1]")), "pool p1, field tokenFees[1]: must be a fee" },
        { File(Product.Replace("0.003", "0,\"tokenFees\":[-0.1,0]")), "pool p1, field tokenFees[0]: must be a fee" },
        { File(Product.Replace("0.003", "0,\"tokenFees\":[null,0]")), "pool p1, field tokenFees[0]: must be" },
        { File(Product.Replace("0.003", "0,\"tokenFees\":0.1")), "pool p1, field tokenFees: must be" },
        { File(Product.Replace("0.003", "0,\"tokenFeesOut\":[\"NaN\",0]")), "pool p1, field tokenFeesOut[0]: must be" },
        { File(Product.Replace("0.003", "0,\"tokenFeesOut\":[0]")), "pool p1, field tokenFeesOut: must hold 2 numbers, not 1" },
        { File(Product.Replace("0.003", "0,\"maxTender\":[1]")), "pool p1, field maxTender: must hold 2 numbers, not 1" },
        { File(Product.Replace("0.003", "0,\"maxTender\":[1,-1]")), "pool p1, field maxTender[1]: must be at least 0" },
        { File(Product.Replace("0.003", "0,\"maxTender\":[]")), "pool p1, field maxTender: must hold 2 numbers, not 0" },
        { File(Product.Replace("0.003", "0,\"a\":1,\"b\":2")), "pool p1, field a: is not a field of this format; nor are all of a, b" },
        { File(Product.Replace("0.003", "0,\"fee\":0")), "pool p1, field fee: is given twice" },
        { File(Product.Replace("[10,20]", "[10,-20]")), "pool p1, field reserves[1]: must be a finite number of at least 0" },
        { File(Product.Replace("[10,20]", "[10]")), "pool p1, field reserves: must hold 2 numbers, not 1" },
        { File(Product.Replace("[10,20]", "[10,20,30]")), "pool p1, field reserves: must hold 2 numbers, not 3" },
        { File(Product.Replace("[10,20]", "[10,[20]]")), "pool p1, field reserves[1]: must be a finite number" },
        { File(Product.Replace("[10,20]", "{}")), "pool p1, field reserves: must be an array of numbers" },
        { File(Product.Replace("\"reserves\":[10,20]", "\"x\":1")), "pool p1, field reserves: is missing" },
        { File("7"), "field pools[0]: must be a JSON object" },

        // Each kind's own fields.
        { Kind("weighted", "\"reserves\":[1,2]"), "pool p, field weights: is missing" },
        { Kind("weighted", "\"reserves\":[1,2],\"weights\":[1]"), "pool p, field weights: must hold 2 numbers, not 1" },
        { Kind("weighted", "\"reserves\":[1,2],\"weights\":[1,0]"), "pool p, field weights[1]: must be a finite number above 0" },
        { Kind("weighted", "\"reserves\":[1,2],\"weights\":[1e308,1e308]"), "pool p, field weights: must have a finite sum" },
        { Kind("sum", "\"reserves\":[1,2],\"rates\":[1,-1]"), "pool p, field rates[1]: must be a finite number above 0" },
        { Kind("sum", "\"reserves\":[1,2],\"rates\":[1]"), "pool p, field rates: must hold 2 numbers, not 1" },
        { Kind("stable", "\"reserves\":[1,2]"), "pool p, field amplification: is missing" },
        { Kind("stable", "\"reserves\":[1,2],\"amplification\":0"), "pool p, field amplification: must be a finite number above 0" },
        { Kind("stable", "\"reserves\":[1,2],\"amplification\":1,\"rates\":[0,1]"), "pool p, field rates[0]" },
        { Kind("concentrated", "\"price\":0,\"ticks\":[1,2],\"liquidity\":[1]"), "pool p, field price: must be a finite number above 0" },
        { Kind("concentrated", "\"price\":1,\"ticks\":[1],\"liquidity\":[]"), "pool p, field ticks: must hold at least two prices" },
        { Kind("concentrated", "\"price\":1,\"ticks\":[1,1],\"liquidity\":[1]"), "pool p, field ticks[1]: must be above the one before it" },
        { Kind("concentrated", "\"price\":1,\"ticks\":[0,1],\"liquidity\":[1]"), "pool p, field ticks[0]: must be a finite number above 0" },
        { Kind("concentrated", "\"price\":1,\"ticks\":[1,2],\"liquidity\":[1,2]"), "pool p, field liquidity: must hold 1 numbers, not 2" },
        { Kind("concentrated", "\"price\":1,\"ticks\":[1,2],\"liquidity\":[-1]"), "pool p, field liquidity[0]" },
        { Kind("bins", "\"bins\":[]"), "pool p, field bins: must hold at least one bin" },
        { Kind("bins", "\"bins\":[[1,2]]"), "pool p, field bins[0]: must hold a price, x, y" },
        { Kind("bins", "\"bins\":[3]"), "pool p, field bins[0]: must be an array of numbers" },
        { Kind("bins", "\"bins\":[[0,1,1]]"), "pool p, field bins[0][0]: must be a finite number above 0" },
        { Kind("bins", "\"bins\":[[1,-1,1]]"), "pool p, field bins[0][1]" },
        { Kind("bins", "\"bins\":[[1,1,-1]]"), "pool p, field bins[0][2]" },
        { Kind("bins", "\"bins\":[[1,1,1,1]]"), "pool p, field bins[0][3]: must be a fee" },
        { Kind("bins", "\"bins\":[[2,0,0],[1,0,0]]"), "pool p, field bins[1][0]: must be above the price of the bin before it" },
        { Kind("bins", "\"bins\":[[1,5,0],[2,0,5]]"), "pool p, field bins[1]: holds token 1 above a bin that holds token 0" },
    };

    [Theory]
    [MemberData(nameof(Broken))]
    public void A_file_that_is_wrong_gets_one_line_that_names_where(string file, string says)
    {
        Assert.False(MarketFile.TryRead(Encoding.UTF8.GetBytes(file), "m.json", out var market, out var error));
        Assert.Null(market);
        Assert.StartsWith("m.json:", error.ToString(), StringComparison.Ordinal);
        Assert.Contains(says, error.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.ToString());
    }

    [Fact]
    public void An_error_names_the_line()
    {
        var file = File(Product).Replace("\"pools\"", "\n\n\"pools\"").Replace("[10,20]", "\n[10,\n-20]");
        Assert.False(MarketFile.TryRead(Encoding.UTF8.GetBytes(file), "m.json", out _, out var error));
        Assert.Equal(4, error.Line);
        Assert.False(MarketFile.TryRead(Encoding.UTF8.GetBytes(file.Replace("-20", "x")), "m.json", out _, out error));
        Assert.Equal(5, error.Line);
    }

    [Fact]
    public void A_file_that_is_not_there_is_an_error_too()
    {
        Assert.False(MarketFile.TryReadFile("/no/such/market.json", out _, out _, out var error));
        Assert.Equal("/no/such/market.json: there is no such file", error.ToString());
        Assert.False(MarketFile.TryReadFile(AppContext.BaseDirectory, out _, out _, out error));
        Assert.Contains("cannot be opened", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Bytes_that_were_cut_flipped_or_made_up_never_throw()
    {
        const int seed = 3;
        Random random = new(seed);
        var whole = System.IO.File.ReadAllBytes(SharedFiles.Sample("six-kinds.json"));
        var read = 0;
        for (var i = 0; i < 6_000; i++)
        {
            var bytes = whole.ToArray();
            switch (i % 4)
            {
                case 0:
                    bytes = bytes[..random.Next(bytes.Length)];
                    break;
                case 1:
                    bytes[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
                    break;
                case 2:
                    var (from, to) = (random.Next(bytes.Length), random.Next(bytes.Length));
                    (bytes[from], bytes[to]) = (bytes[to], bytes[from]);
                    break;
                default:
                    bytes = new byte[random.Next(200)];
                    random.NextBytes(bytes);
                    break;
            }

            if (MarketFile.TryRead(bytes, "m", out var market, out var error))
            {
                Assert.All(market.Pools, pool => Assert.Null(PoolRules.Check(pool)));
                read++;
            }
            else
            {
                Assert.DoesNotContain('\n', error.ToString());
            }

            Assert.Equal(MarketFile.TryRead(bytes, "m", out _, out _), error is null);
            ResultFile.TryRead(bytes, "m", out _, out _);
        }

        Assert.True(read > 100, $"seed {seed}: only {read} of the changed files are still markets");
    }

    [Fact]
    public void Half_a_surrogate_pair_is_refused_with_its_line()
    {
        Refuses("{\n\"name\":\"\\ud800\"}", "m.json:2: holds a string with half a surrogate pair");
        Refuses("{\"\\udfff\":1}", "half a surrogate pair");
        Refuses("{\n\n\"name\":\"\\ud83dx\"}", "m.json:3:");
    }

    [Fact]
    public void Depth_and_fields_without_end_are_refused()
    {
        Refuses(string.Concat(Enumerable.Repeat("{\"a\":", 10_000)), "is not JSON");
        Refuses("{" + string.Join(',', Enumerable.Range(0, 10_000).Select(i => $"\"f{i}\":0")) + "}", "more than 64 fields");
    }

    private static void Refuses(string file, string says)
    {
        Assert.False(MarketFile.TryRead(Encoding.UTF8.GetBytes(file), "m.json", out _, out var error));
        Assert.Contains(says, error.ToString(), StringComparison.Ordinal);
    }

    private static double AnyPositive(Random random)
    {
        while (true)
        {
            var value = Math.Abs(BitConverter.Int64BitsToDouble(random.NextInt64()));
            if (double.IsFinite(value))
                return value;
        }
    }

    private static string Kind(string kind, string fields) =>
        File($$"""{"id":"p","kind":"{{kind}}","tokens":["A","B"],"fee":0,{{fields}}}""");

    private static string File(string pools) =>
        $$"""{"format":"qtrade.market/1","name":"test","tokens":[{{Tokens}}],"pools":[{{pools}}]}""";

    private static Market Read(string file)
    {
        Assert.True(MarketFile.TryRead(Encoding.UTF8.GetBytes(file), "m.json", out var market, out var error), error?.ToString());
        return market;
    }
}
