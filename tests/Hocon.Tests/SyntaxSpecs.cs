namespace QTrade.Hocon.Tests;

public sealed class SyntaxSpecs
{
    [Theory]
    [InlineData("{ \"a\" : { \"b\" : [1, 2.5, -3e2, true, null, \"x\"] } }")]
    [InlineData("a { b = [1, 2.5, -3e2, true, null, x] }")]
    [InlineData("a.b : [1\n 2.5\n -3e2\n true,\n null,\n \"x\",\n]")]
    [InlineData("\"a\"\n:\n{ b :\n [ 1, 2.5, -3e2, true, null, x ] # end\n}")]
    [InlineData("\uFEFFa { // one\n # two\n b = [1,2.5,-3e2,true,null,x]\n}\r\n")]
    public void Json_and_its_shorter_spellings_mean_the_same(string text) =>
        Assert.Equal("[1, 2.5, -3e2, true, null, x]", Read.Value(text, "a.b"));

    [Fact]
    public void An_empty_document_is_an_empty_object() => Assert.Empty(Read.Object(" # nothing\n").Fields);

    [Fact]
    public void The_root_may_be_a_list() =>
        Assert.Equal("[1, 2]", HoconReader.ReadText("[1, 2]").ToString());

    [Theory]
    [InlineData("a = 1, b = 2")]
    [InlineData("a = 1\nb = 2")]
    [InlineData("a = 1,\n\n b = 2,\n")]
    [InlineData("{a:1\n,b:2}")]
    public void Fields_are_separated_by_commas_or_new_lines(string text) =>
        Assert.Equal("{a: 1, b: 2}", Read.Object(text).ToString());

    [Theory]
    [InlineData("[1,,2]")]
    [InlineData("[,1]")]
    [InlineData("[1,2,,]")]
    [InlineData("{,a=1}")]
    [InlineData("a=1,,b=2")]
    [InlineData("[1 2] [3")]
    public void Two_commas_leading_commas_and_open_brackets_are_errors(string text) => Read.Error(text);

    [Theory]
    [InlineData("a = 1.0", HoconScalarKind.Number)]
    [InlineData("a = -0", HoconScalarKind.Number)]
    [InlineData("a = 6.02e+23", HoconScalarKind.Number)]
    [InlineData("a = 01", HoconScalarKind.Text)]
    [InlineData("a = 1.", HoconScalarKind.Text)]
    [InlineData("a = 60s", HoconScalarKind.Text)]
    [InlineData("a = \"1\"", HoconScalarKind.Text)]
    [InlineData("a = 1 2", HoconScalarKind.Text)]
    [InlineData("a = true", HoconScalarKind.Boolean)]
    [InlineData("a = truely", HoconScalarKind.Text)]
    [InlineData("a = \"true\"", HoconScalarKind.Text)]
    [InlineData("a = null", HoconScalarKind.Null)]
    [InlineData("a = \"null\"", HoconScalarKind.Text)]
    [InlineData("a = yes", HoconScalarKind.Text)]
    public void A_scalar_is_what_its_spelling_says(string text, HoconScalarKind kind)
    {
        Assert.True(Read.Object(text).TryGet(out HoconValue? value, "a"));
        Assert.Equal(kind, Assert.IsType<HoconScalar>(value).Kind);
    }

    [Theory]
    [InlineData(@"a = ""x\n\t\""\\\/\u00e9""", "x\n\t\"\\/\u00e9")]
    [InlineData("a = \"\"", "")]
    [InlineData("a = \"\"\"line 1\nline \\n 2\"\"\"", "line 1\nline \\n 2")]
    [InlineData("a = \"\"\"foo\"\"\"\"", "foo\"")]
    [InlineData("a = \"# no comment // here\"", "# no comment // here")]
    public void Quoted_texts_read_as_written(string text, string value) => Assert.Equal(value, Read.Value(text, "a"));

    [Theory]
    [InlineData("a = foo bar  baz   # c", "foo bar  baz")]
    [InlineData("a = foo/bar-baz_1.5", "foo/bar-baz_1.5")]
    [InlineData("a = 10.0foo", "10.0foo")]
    [InlineData("a = 1 \"two\"  3 ", "1 two  3")]
    [InlineData("a = \"x\"y\"z\"", "xyz")]
    [InlineData("a = foo // c", "foo")]
    public void Texts_beside_each_other_join_with_the_blanks_between_them(string text, string value) =>
        Assert.Equal(value, Read.Value(text, "a"));

    [Theory]
    [InlineData("a = x@y")]
    [InlineData("a = http://x")]
    [InlineData("a = b = c")]
    [InlineData("a = $b")]
    [InlineData("a = `b`")]
    public void Signs_need_quotes(string text) => Assert.Contains("double quotes", Read.Error(text).Reason, StringComparison.Ordinal);

    [Theory]
    [InlineData("a.b.c = 1", "{a: {b: {c: 1}}}")]
    [InlineData("a.\"b.c\".d = 1", "{a: {b.c: {d: 1}}}")]
    [InlineData("3.14 = 1", "{3: {14: 1}}")]
    [InlineData("a b c = 1", "{a b c: 1}")]
    [InlineData("\"\" = 1", "{: 1}")]
    [InlineData("a\"b\"c = 1", "{abc: 1}")]
    [InlineData("true = 1", "{true: 1}")]
    [InlineData("a.x = 1, a.y = 2, a { z = 3 }", "{a: {x: 1, y: 2, z: 3}}")]
    public void Keys_are_paths(string text, string value) => Assert.Equal(value, Read.Object(text).ToString());

    [Theory]
    [InlineData("a..b = 1")]
    [InlineData(".a = 1")]
    [InlineData("a. = 1")]
    [InlineData("= 1")]
    public void A_path_has_no_empty_name_without_quotes(string text) =>
        Assert.Contains("a name is missing", Read.Error(text).Reason, StringComparison.Ordinal);

    [Theory]
    [InlineData("a { x = 1, y = 2 }, a { y = 3, z = 4 }", "{x: 1, y: 3, z: 4}")]
    [InlineData("a { x = 1 }, a = null, a { y = 2 }", "{y: 2}")]
    [InlineData("a { x = 1 }, a = 5", "5")]
    [InlineData("a = 5, a { x = 1 }", "{x: 1}")]
    [InlineData("a { b { x = 1 } }, a.b.y = 2", "{b: {x: 1, y: 2}}")]
    [InlineData("a = [1, 2], a = [3]", "[3]")]
    public void A_repeated_key_merges_objects_and_replaces_the_rest(string text, string value) =>
        Assert.Equal(value, Read.Value(text, "a"));

    [Theory]
    [InlineData("a = [1, 2] [3]", "[1, 2, 3]")]
    [InlineData("a = {x = 1} {y = 2, x = 3}", "{x: 3, y: 2}")]
    [InlineData("a = [[1] [2], {x=1}{y=2}]", "[[1, 2], {x: 1, y: 2}]")]
    [InlineData("a = [0] { 1 = c, 0 = b, x = d }", "[0, b, c]")]
    public void Lists_join_lists_and_objects_join_objects(string text, string value) =>
        Assert.Equal(value, Read.Value(text, "a"));

    [Theory]
    [InlineData("a = [1] x")]
    [InlineData("a = {x = 1} y")]
    [InlineData("a = [1] {x = 1}")]
    public void Kinds_do_not_mix_in_one_value(string text) =>
        Assert.Contains("another kind", Read.Error(text).Reason, StringComparison.Ordinal);

    [Fact]
    public void An_object_with_whole_numbers_for_names_reads_as_a_list()
    {
        HoconObject numbered = Read.Object("\"10\" = c, \"0\" = a, \"2\" = b, x = no");

        Assert.True(numbered.TryToArray(out HoconArray? list));
        Assert.Equal("[a, b, c]", list.ToString());
        Assert.False(Read.Object("x = 1").TryToArray(out _));
    }
}
