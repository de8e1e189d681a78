namespace QTrade.Hocon.Tests;

public sealed class IncludeSpecs : IDisposable
{
    private readonly TempDirectory _files = new();

    public void Dispose() => _files.Dispose();

    [Theory]
    [InlineData("include \"b.conf\"")]
    [InlineData("include file(\"b.conf\")")]
    [InlineData("include required(\"b.conf\")")]
    [InlineData("include required( file( \"b.conf\" ) )")]
    [InlineData("include \"b\"")]
    public void An_included_file_stands_where_it_is_included(string include)
    {
        _files.Write("b.conf", "x = 2, y = 2");

        Assert.Equal("{x: 2, y: 3}", Load($"x = 1\n{include}\ny = 3").ToString());
    }

    [Fact]
    public void Includes_are_looked_for_beside_the_file_that_asks()
    {
        _files.Write("sub/b.conf", "include \"c.conf\"");
        _files.Write("sub/c.conf", "x = 1");

        Assert.Equal("{x: 1}", Load("include \"sub/b.conf\"").ToString());
    }

    [Fact]
    public void An_include_inside_an_object_fills_that_object_and_its_substitutions_follow()
    {
        _files.Write("b.conf", "x = 10, y = ${x}, z = ${outside}");

        Assert.Equal("{a: {x: 42, y: 42, z: 7}, outside: 7}", Load("a { include \"b.conf\" }, a.x = 42, outside = 7").ToString());
    }

    [Fact]
    public void A_missing_file_is_skipped_unless_it_is_required()
    {
        Assert.Equal("{x: 1}", Load("include \"none.conf\"\nx = 1").ToString());

        HoconException error = Assert.Throws<HoconException>(() => Load("x = 1\ninclude required(\"none.conf\")"));
        Assert.Equal((2, 1), (error.Origin.Line, error.Origin.Column));
        Assert.Contains("none.conf", error.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_includes_itself_is_refused()
    {
        _files.Write("b.conf", "include \"a.conf\"");

        HoconException error = Assert.Throws<HoconException>(() => Load("include \"b.conf\""));

        Assert.Equal(_files.PathOf("b.conf"), error.Origin.File);
        Assert.Contains("includes itself", error.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Long_chains_and_many_includes_are_refused()
    {
        for (int i = 0; i < 40; i++)
            _files.Write($"c{i}.conf", $"include \"c{i + 1}.conf\"");
        for (int i = 0; i < 10; i++)
            _files.Write($"d{i}.conf", string.Concat(Enumerable.Repeat($"include \"d{i + 1}.conf\"\n", 4)));
        _files.Write("d10.conf", "x = 1");

        Assert.Contains("one chain", Assert.Throws<HoconException>(() => Load("include \"c0.conf\"")).Reason, StringComparison.Ordinal);
        Assert.Contains("are included", Assert.Throws<HoconException>(() => Load("include \"d0.conf\"")).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void An_error_names_the_included_file_and_its_line()
    {
        string included = _files.Write("b.conf", "x = 1\ny = }");

        HoconException error = Assert.Throws<HoconException>(() => Load("include \"b.conf\""));

        Assert.Equal(new HoconOrigin(included, 2, 5), error.Origin);
    }

    [Fact]
    public void A_text_without_a_directory_cannot_include() =>
        Assert.Contains("no directory", Read.Error("include \"x.conf\"").Reason, StringComparison.Ordinal);

    [Fact]
    public void A_file_that_does_not_exist_is_named() =>
        Assert.Contains("does not exist", Assert.Throws<HoconException>(() => HoconReader.ReadFile(_files.PathOf("no.conf"))).Message, StringComparison.Ordinal);

    private HoconValue Load(string text) => HoconReader.ReadFile(_files.Write("a.conf", text), _ => null);
}
