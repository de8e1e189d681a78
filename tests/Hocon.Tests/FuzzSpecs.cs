using System.Text;

namespace QTrade.Hocon.Tests;

public sealed class FuzzSpecs
{
    private const int Seed = 20_251;

    private const string Sample = """
        # a document with something of everything
        include required("none.conf")
        qtrade { router.min-interval = 50ms, names = [a, "b\u0041", ${?HOME}], nested { x = ${qtrade.names} [c] } }
        path = ${?path}":x", list += 1, list += ${list}
        text = \"\"\"raw "text" \"\"\"
        obj = {a = 1} ${?other} { b = null } // end
        """;

    private static readonly string[] Words =
    [
        "a", "b", "a.b", "=", ":", "+=", "{", "}", "[", "]", ",", "\n", " ", "${a}", "${?b}", "${a.b}", "${", "\"", "\"\"\"", "\"x\"", "\\u",
        "#", "//", "1", "-1e+5", "true", "null", "include ", "include \"x\"", "include required(file(\"x\"))", ".", "$", "@", "\0", "\uFEFF", "\ud800",
    ];

    [Fact]
    public void Random_bytes_never_do_worse_than_the_named_exception()
    {
        var random = new Random(Seed);
        for (int round = 0; round < 3_000; round++)
        {
            byte[] bytes = new byte[random.Next(64)];
            random.NextBytes(bytes);
            AssertTotal(bytes, round);
        }
    }

    [Fact]
    public void Cut_and_altered_documents_never_do_worse_than_the_named_exception()
    {
        var random = new Random(Seed);
        byte[] whole = Encoding.UTF8.GetBytes(Sample.Replace("\\\"", "\"", StringComparison.Ordinal));
        for (int length = 0; length < whole.Length; length++)
            AssertTotal(whole[..length], length);
        for (int round = 0; round < 3_000; round++)
        {
            byte[] altered = [.. whole];
            for (int change = random.Next(1, 6); change > 0; change--)
                altered[random.Next(altered.Length)] = (byte)random.Next(256);
            AssertTotal(altered, round);
        }
    }

    [Fact]
    public void Random_words_of_the_language_never_do_worse_than_the_named_exception()
    {
        var random = new Random(Seed);
        int read = 0;
        for (int round = 0; round < 20_000; round++)
        {
            string text = string.Concat(Enumerable.Range(0, random.Next(24)).Select(_ => Words[random.Next(Words.Length)]));
            read += AssertTotal(Encoding.UTF8.GetBytes(text), round) ? 1 : 0;
        }

        Assert.True(read > 100, $"only {read} documents were readable: the words make no documents");
    }

    private static bool AssertTotal(byte[] bytes, int round)
    {
        try
        {
            Assert.NotNull(HoconReader.ReadBytes(bytes, "fuzz", includeDirectory: Path.GetTempPath(), environment: _ => null).ToString());
            return true;
        }
        catch (HoconException error)
        {
            Assert.DoesNotContain('\n', error.Message);
            return false;
        }
        catch (Exception other)
        {
            throw new InvalidOperationException($"seed {Seed}, round {round}, bytes {Convert.ToHexString(bytes)}", other);
        }
    }
}
