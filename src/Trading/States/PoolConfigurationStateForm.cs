using QTrade.Messages.Wire;
using QTrade.Trading.Registry;

namespace QTrade.Trading.States;

/// <summary>A pool's configuration, also of one that is retired, which its last event does not tell.</summary>
internal static class PoolConfigurationStateForm
{
    public static void Write(PoolConfigurationState state, ProtoWriter writer)
    {
        writer.Int(1, state.Sequence);
        if (state.Pool is { } pool)
            RegistryForms.WritePool(writer, pool);
        Fields.Write(writer, 3, state.By);
        writer.Bool(4, state.Retired);
    }

    public static PoolConfigurationState? Read(ref ProtoReader reader)
    {
        var state = PoolConfigurationState.Unknown;
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1: state = state with { Sequence = reader.Int() }; break;
                case 2 when RegistryForms.ReadPoolAlone(ref reader) is { } pool:
                    state = new PoolConfigurationState(state.Sequence, pool, state.Retired) { By = state.By };
                    break;
                case 2: return null;
                case 3: state = state with { By = Fields.ReadOperator(ref reader) }; break;
                case 4: state = state with { Retired = reader.UInt() != 0 }; break;
                default: break;
            }
        }

        return state.Sequence < 1 ? null : state;
    }
}
