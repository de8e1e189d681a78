using System.Reflection;

namespace QTrade.Node.Tests.Architecture;

/// <summary>The rooms under <c>src/</c> and the arrows between them: who may reference whom.</summary>
public sealed class RoomsSpecs
{
    private static readonly Dictionary<string, string[]> Arrows = new()
    {
        ["QTrade.Hocon"] = [],
        ["QTrade.Markets"] = [],
        ["QTrade.Solver"] = [],
        ["QTrade.Verification"] = ["QTrade.Markets"],
        ["QTrade.Messages"] = ["QTrade.Markets"],
        ["QTrade.Actors"] = [],
        ["QTrade.Trading"] = ["QTrade.Messages", "QTrade.Markets", "QTrade.Solver"],
        ["QTrade.Broker"] = ["QTrade.Messages", "QTrade.Actors"],
        ["QTrade.Web"] = ["QTrade.Messages", "QTrade.Actors"],
        ["QTrade.Solana"] = ["QTrade.Markets"],
        ["qtrade-lighthouse"] = ["QTrade.Messages", "QTrade.Actors", "QTrade.Trading", "QTrade.Hocon", "QTrade.Broker", "QTrade.Web"],
        ["qtrade"] =
        [
            "QTrade.Hocon", "QTrade.Markets", "QTrade.Solver", "QTrade.Verification", "QTrade.Messages", "QTrade.Actors", "QTrade.Trading",
            "QTrade.Web", "QTrade.Solana", "QTrade.Broker",
        ],
    };

    public static TheoryData<string> Rooms => [.. Arrows.Keys];

    [Theory]
    [MemberData(nameof(Rooms))]
    public void A_room_references_only_the_rooms_its_arrows_lead_to(string room)
    {
        var referenced = Load(room).GetReferencedAssemblies().Select(name => name.Name!).Where(IsRoom);
        Assert.Empty(referenced.Except(Arrows[room]));
    }

    [Theory]
    [MemberData(nameof(Rooms))]
    public void A_room_keeps_its_types_in_its_own_namespace(string room)
    {
        var expected = room switch { "qtrade" => "QTrade.Node", "qtrade-lighthouse" => "QTrade.Lighthouse", _ => room };
        Assert.All(Load(room).GetExportedTypes(), type => Assert.StartsWith(expected, type.Namespace, StringComparison.Ordinal));
    }

    [Fact]
    public void Every_room_that_is_built_has_its_arrows_written_here()
    {
        var built = Directory.GetFiles(AppContext.BaseDirectory, "*.dll").Select(path => Path.GetFileNameWithoutExtension(path)).Where(IsRoom);
        Assert.Empty(built.Except(Arrows.Keys));
    }

    private static Assembly Load(string room) => Assembly.LoadFrom(Path.Combine(AppContext.BaseDirectory, room + ".dll"));

    private static bool IsRoom(string assembly) =>
        (assembly.StartsWith("QTrade.", StringComparison.Ordinal) || assembly is "qtrade" or "qtrade-lighthouse")
        && !assembly.EndsWith(".Tests", StringComparison.Ordinal)
        && assembly != "QTrade.Shared";
}
