using System.Reflection;
using System.Reflection.Emit;

namespace SmsAi.Tests.Structure;

/// <summary>Reads the instructions of compiled methods.</summary>
internal static class Instructions
{
    private const BindingFlags All =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    private static readonly Dictionary<short, OpCode> Codes = typeof(OpCodes).GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(field => (OpCode)field.GetValue(null)!).ToDictionary(code => code.Value);

    /// <summary>Methods and constructors that a type declares itself.</summary>
    internal static IEnumerable<MethodBase> MethodsOf(Type type) => [.. type.GetMethods(All), .. type.GetConstructors(All)];

    /// <summary>Each instruction with its token, for those that have one.</summary>
    internal static IEnumerable<(OpCode Code, int Token)> Of(MethodBase method)
    {
        var il = method.GetMethodBody()?.GetILAsByteArray() ?? [];
        for (var at = 0; at < il.Length;)
        {
            var code = il[at] == 0xFE ? Codes[(short)(0xFE00 | il[at + 1])] : Codes[il[at]];
            at += code.Size;
            var size = code.OperandType switch
            {
                OperandType.InlineNone => 0,
                OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
                OperandType.InlineVar => 2,
                OperandType.InlineI8 or OperandType.InlineR => 8,
                OperandType.InlineSwitch => 4 + (4 * BitConverter.ToInt32(il, at)),
                _ => 4,
            };
            yield return (code, size == 4 ? BitConverter.ToInt32(il, at) : 0);
            at += size;
        }
    }

    /// <summary>The type, method or field an instruction names; null when it names none.</summary>
    internal static MemberInfo? MemberOf(MethodBase method, OpCode code, int token)
    {
        if (code.OperandType is not (OperandType.InlineMethod or OperandType.InlineField or OperandType.InlineType or OperandType.InlineTok))
            return null;
        Type[] ofType = method.DeclaringType!.IsGenericType ? method.DeclaringType.GetGenericArguments() : [];
        Type[] ofMethod = method.IsGenericMethod ? method.GetGenericArguments() : [];
        return method.Module.ResolveMember(token, ofType, ofMethod);
    }
}
