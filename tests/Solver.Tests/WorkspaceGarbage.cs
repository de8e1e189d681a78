using System.Reflection;
using QTrade.Solver.Arithmetic;

namespace QTrade.Solver.Tests;

/// <summary>Overwrites every number in the arrays of a workspace, whichever class they are in.</summary>
internal static class WorkspaceGarbage
{
    public static void Overwrite(SolverWorkspace workspace, double garbage)
    {
        int arrays = Overwrite(workspace, garbage, new(ReferenceEqualityComparer.Instance));
        Assert.True(arrays > 20, $"only {arrays} arrays were found");
    }

    private static int Overwrite(object part, double garbage, HashSet<object> seen)
    {
        if (!seen.Add(part))
            return 0;
        int arrays = 0;
        foreach (FieldInfo field in part.GetType().GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic))
        {
            object? value = field.GetValue(part);
            switch (value)
            {
                case double[] numbers:
                    numbers.AsSpan().Fill(garbage);
                    arrays++;
                    break;
                case DoubleDouble[] numbers:
                    numbers.AsSpan().Fill(garbage);
                    arrays++;
                    break;
                case not null when IsPartOfWorkspace(value.GetType()):
                    arrays += Overwrite(value, garbage, seen);
                    break;
                default:
                    break;
            }
        }

        return arrays;
    }

    /// <summary>The problem's pools belong to the caller.</summary>
    private static bool IsPartOfWorkspace(Type type) =>
        type.IsClass && type.Assembly == typeof(SolverWorkspace).Assembly && type != typeof(RoutingProblem) && !type.IsSubclassOf(typeof(RoutingPool));
}
