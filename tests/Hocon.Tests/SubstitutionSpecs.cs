namespace QTrade.Hocon.Tests;

public sealed class SubstitutionSpecs
{
    [Theory]
    [InlineData("a = ${b}, b = 1", "a", "1")]
    [InlineData("a = x${b}y ${b}, b = 1", "a", "x1y 1")]
    [InlineData("a = ${b} [3], b = [1, 2]", "a", "[1, 2, 3]")]
    [InlineData("a = ${b} {y = 2}, b {x = 1}", "a", "{x: 1, y: 2}")]
    [InlineData("a = [${b}, ${?c}, 3], b = 1", "a", "[1, 3]")]
    [InlineData("a = ${\"x.y\".z}, \"x.y\" { z = 1 }", "a", "1")]
    [InlineData("a = ${b}, b = 1, b = 2", "a", "2")]
    [InlineData("a = \"${b}\"", "a", "${b}")]
    [InlineData("a = ${b}, b = null", "a", "null")]
    public void A_substitution_stands_for_the_final_value_at_its_path(string text, string path, string value) =>
        Assert.Equal(value, Read.Value(text, path));

    [Fact]
    public void What_is_undefined_is_an_error_and_names_path_and_place()
    {
        HoconException error = Read.Error("a = 1\nb = ${no.such}");

        Assert.Equal(new HoconOrigin("t.conf", 2, 5), error.Origin);
        Assert.Contains("${no.such}", error.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a = ${?b}", "{}")]
    [InlineData("a = 1, a = ${?b}", "{a: 1}")]
    [InlineData("a = ${?b}x", "{a: x}")]
    [InlineData("a = ${?b}${?c}", "{}")]
    [InlineData("a = {x = 1} ${?b}", "{a: {x: 1}}")]
    [InlineData("a = [1] ${?b}", "{a: [1]}")]
    [InlineData("a = [${?b}]", "{a: []}")]
    public void What_is_optional_and_undefined_leaves_nothing(string text, string value) =>
        Assert.Equal(value, Read.Object(text).ToString());

    [Fact]
    public void The_environment_answers_what_the_document_does_not()
    {
        Func<string, string?> environment = name => name switch { "HOME" => "/home/x", "a.b" => "dotted", "own" => "outside", _ => null };

        HoconValue value = HoconReader.ReadText("h = ${HOME}/y, d = ${a.b}, n = ${?NONE}, own = 1, o = ${own}", environment: environment);

        Assert.Equal("{h: /home/x/y, d: dotted, own: 1, o: 1}", value.ToString());
    }

    [Fact]
    public void A_null_hides_the_environment() =>
        Assert.Equal("{HOME: null, a: null}", HoconReader.ReadText("HOME = null, a = ${HOME}", environment: _ => "x").ToString());

    [Theory]
    [InlineData("path = \"a:b\", path = ${path}\":c\"", "path", "a:b:c")]
    [InlineData("path = [/etc], path = ${path} [/usr]", "path", "[/etc, /usr]")]
    [InlineData("a = ${?a}foo", "a", "foo")]
    [InlineData("a = 1, a = [${a}]", "a", "[1]")]
    [InlineData("foo { a { c = 1 } }, foo = ${foo.a}, foo { a = 2 }", "foo", "{a: 2, c: 1}")]
    [InlineData("bar { foo = 42, baz = ${bar.foo} }", "bar.baz", "42")]
    [InlineData("bar { foo = 42, baz = ${bar.foo} }, bar { foo = 43 }", "bar.baz", "43")]
    [InlineData("bar { a = ${foo.d}, b = 1 }, bar.b = 3, foo { c = ${bar.b}, d = 2 }, foo.d = 4", "bar.a", "4")]
    [InlineData("bar { a = ${foo.d}, b = 1 }, bar.b = 3, foo { c = ${bar.b}, d = 2 }, foo.d = 4", "foo.c", "3")]
    [InlineData("a = {b = 1}, a = ${a} {c = 2}", "a", "{b: 1, c: 2}")]
    public void A_value_that_comes_back_to_itself_sees_what_was_before(string text, string path, string value) =>
        Assert.Equal(value, Read.Value(text, path));

    [Theory]
    [InlineData("a = ${a}")]
    [InlineData("a = ${b}, b = ${a}")]
    [InlineData("a = ${b}, b = ${c}, c = ${a}")]
    [InlineData("a = ${a}x")]
    [InlineData("a { b = ${a} }")]
    [InlineData("a = [${a}]")]
    public void A_circle_without_a_beginning_is_an_error(string text) => Read.Error(text);

    [Theory]
    [InlineData("a = ${no}, a = 5", "5")]
    [InlineData("a = ${a}, a = 5", "5")]
    public void A_hidden_substitution_is_never_looked_at(string text, string value) => Assert.Equal(value, Read.Value(text, "a"));

    [Theory]
    [InlineData("a = [1], a += 2, a += [3]", "[1, 2, [3]]")]
    [InlineData("a += 1, a += {x = 2}", "[1, {x: 2}]")]
    [InlineData("a = ${b}, a += 3, b = [1]", "[1, 3]")]
    [InlineData("b = 2, a += ${b}", "[2]")]
    public void Appending_extends_the_list_before_it_or_begins_one(string text, string value) =>
        Assert.Equal(value, Read.Value(text, "a"));

    [Fact]
    public void Appending_inside_an_object_extends_that_field() =>
        Assert.Equal("[1, 2]", Read.Value("a { b = [1] }, a { b += 2 }", "a.b"));

    [Fact]
    public void Appending_to_what_is_no_list_is_an_error() =>
        Assert.Contains("another kind", Read.Error("a = x, a += 1").Reason, StringComparison.Ordinal);

    [Fact]
    public void A_template_is_filled_in_where_it_is_used()
    {
        const string Text = """
            base { name = none, greeting = hello }
            east = ${base} { name = east }
            west = ${base}
            west.name = west
            """;

        Assert.Equal("{name: east, greeting: hello}", Read.Value(Text, "east"));
        Assert.Equal("{name: west, greeting: hello}", Read.Value(Text, "west"));
        Assert.Equal("{name: none, greeting: hello}", Read.Value(Text, "base"));
    }

    [Fact]
    public void The_line_of_a_setting_is_where_it_was_set_and_not_where_its_value_came_from()
    {
        HoconObject root = Read.Object("b = 1\na = ${b}\nc { d = 1 }\ne = ${c}");

        Assert.True(root.TryGet(out HoconValue? a, "a"));
        Assert.True(root.TryGet(out HoconValue? d, "e", "d"));
        Assert.Equal(new HoconOrigin("t.conf", 2, 5), a.Origin);
        Assert.Equal(new HoconOrigin("t.conf", 3, 9), d.Origin);
    }
}
