namespace QTrade.Hocon.Tests;

public sealed class ErrorSpecs
{
    [Theory]
    [InlineData("a = 1\nb = {\n c = 2\n", 2, 5, "never closed")]
    [InlineData("a = [1,\n 2", 1, 5, "never closed")]
    [InlineData("a = \"x\nb = 2", 1, 5, "never closed")]
    [InlineData("a = \"\"\"x\nb = 2", 1, 5, "never closed")]
    [InlineData("a = 1\n  }", 2, 3, "closes nothing")]
    [InlineData("{ a = 1 } b", 1, 11, "follows the end")]
    [InlineData("{ a = 1 b = 2 }", 1, 11, "may not stand")]
    [InlineData("a", 1, 1, "needs '='")]
    [InlineData("a = 1\n  b 2\n", 2, 3, "needs '='")]
    [InlineData("a =\n", 2, 1, "a value is missing")]
    [InlineData("a = , b = 1", 1, 5, "a value is missing")]
    [InlineData("a = \"\\q\"", 1, 6, "escape")]
    [InlineData("a = \"\\u12x4\"", 1, 6, "four hexadecimal digits")]
    [InlineData("a = ${b", 1, 8, "closes the substitution")]
    [InlineData("a = [1] 2]", 1, 10, "comma or a new line")]
    [InlineData("a = [\"x\" ; y]", 1, 1, "")]
    [InlineData("include x", 1, 1, "double quotes")]
    [InlineData("include = x", 1, 1, "double quotes")]
    [InlineData("a[0] = 1", 1, 2, "without quotes")]
    [InlineData("include url(\"http://x\")", 1, 9, "files only")]
    public void An_error_carries_file_line_and_column(string text, int line, int column, string reason)
    {
        if (reason.Length == 0)
        {
            Assert.Equal("[x ; y]", Read.Value(text, "a"));
            return;
        }

        HoconException error = Read.Error(text);

        Assert.Contains(reason, error.Reason, StringComparison.Ordinal);
        Assert.Equal(new HoconOrigin("t.conf", line, column), error.Origin);
        Assert.Equal($"t.conf:{line}:{column}: {error.Reason}", error.Message);
        Assert.DoesNotContain('\n', error.Message);
    }

    [Fact]
    public void Nesting_is_bounded()
    {
        Read.Object(string.Concat(Enumerable.Repeat("a{", HoconLimits.MaxDepth - 1)) + new string('}', HoconLimits.MaxDepth - 1));

        foreach (string open in new[] { "a{", "[", "a.", "a = [{" })
            Assert.Contains("deeper", Read.Error(string.Concat(Enumerable.Repeat(open, 100_000)) + "a=1").Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void An_object_that_contains_itself_is_refused() =>
        Assert.Contains("into itself", Read.Error("a { b = ${a}, c = ${a} }").Reason, StringComparison.Ordinal);

    [Fact]
    public void A_document_that_grows_by_doubling_is_refused()
    {
        string text = "a0 = [1,2,3,4,5,6,7,8]\n" + string.Concat(Enumerable.Range(1, 50).Select(i => $"a{i} = ${{a{i - 1}}} ${{a{i - 1}}}\n"));
        string texts = "a0 = \"0123456789abcdef\"\n" + string.Concat(Enumerable.Range(1, 50).Select(i => $"a{i} = ${{a{i - 1}}}${{a{i - 1}}}\n"));
        string objects = "a0 { x = 1 }\n" + string.Concat(Enumerable.Range(1, 50).Select(i => $"a{i} {{ l = ${{a{i - 1}}}, r = ${{a{i - 1}}} }}\n"));

        foreach (string growing in new[] { text, texts, objects })
            Assert.Contains("steps", Read.Error(growing).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_document_that_grows_by_repeating_is_refused_before_it_has_grown()
    {
        string large = "b = \"" + new string('x', 1 << 20) + "\"\na = " + string.Concat(Enumerable.Repeat("${b}", 5_000));
        string list = "b = [" + string.Concat(Enumerable.Repeat("1,", 20_000)) + "]\n";
        string lists = list + "a = [" + string.Concat(Enumerable.Repeat("${b},", 200)) + "]";
        string joined = list + "a = " + string.Concat(Enumerable.Repeat("${b} ", 200));
        string assigned = string.Concat(Enumerable.Repeat("o.b=1\n", 10_000)) + "a=[" + string.Concat(Enumerable.Repeat("${o.b},", 10_000)) + "]";

        foreach (string growing in new[] { large, lists, joined, assigned })
            Assert.Contains("steps", Read.Error(growing).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_chain_of_substitutions_is_bounded()
    {
        string chain = "a0 = 1\n" + string.Concat(Enumerable.Range(1, 5_000).Reverse().Select(i => $"a{i} = ${{a{i - 1}}}\n"));
        string appends = string.Concat(Enumerable.Repeat("a += 1\n", 5_000));

        Assert.Contains("one chain", Read.Error(chain).Reason, StringComparison.Ordinal);
        Assert.Contains("one chain", Read.Error(appends).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Size_is_bounded()
    {
        Assert.Contains("longer", Read.Error(new string(' ', HoconLimits.MaxBytes + 1)).Reason, StringComparison.Ordinal);
        HoconException error = Assert.Throws<HoconException>(() => HoconReader.ReadBytes(new byte[HoconLimits.MaxBytes + 1]));
        Assert.Contains("longer", error.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Bytes_that_are_no_text_are_named_by_place()
    {
        HoconException invalid = Assert.Throws<HoconException>(() => HoconReader.ReadBytes([(byte)'a', (byte)'\n', (byte)'b', 0xff], "x.conf"));

        Assert.Equal(new HoconOrigin("x.conf", 2, 2), invalid.Origin);
        Assert.Contains("UTF-8", invalid.Reason, StringComparison.Ordinal);
    }
}
