using System.Reflection;

namespace SmsAi.Tests.Structure;

/// <summary>Reads from the compiled program which of our types each of our types uses, lambdas, state machines and pages included.</summary>
internal static class TypeUses
{
    /// <summary>Each use once: a type and another that it names, inherits, holds, takes, gives or calls.</summary>
    internal static IReadOnlyList<(Type User, Type Used)> Of(params Assembly[] assemblies)
    {
        var uses = new HashSet<(Type, Type)>();
        foreach (var type in assemblies.SelectMany(assembly => assembly.GetTypes()).Where(IsOurs))
        {
            var user = Outermost(type);
            foreach (var used in Named(type).SelectMany(Parts).Where(part => assemblies.Contains(part.Assembly) && IsOurs(part)).Select(Outermost))
            {
                if (used != user)
                    uses.Add((user, used));
            }
        }

        return [.. uses];
    }

    // The compiler's own helpers, and what source generators put elsewhere, have no folder.
    private static bool IsOurs(Type type) => Outermost(type).Namespace?.StartsWith("SmsAi.", StringComparison.Ordinal) == true;

    private static Type Outermost(Type type) => type.DeclaringType is { } outer ? Outermost(outer) : type;

    private static IEnumerable<Type?> Named(Type type) =>
    [
        type.BaseType,
        .. type.GetInterfaces(),
        .. type.GetCustomAttributesData().Select(attribute => attribute.AttributeType),
        .. type.GetRuntimeFields().Select(field => field.FieldType),
        .. Instructions.MethodsOf(type).SelectMany(InMethod),
    ];

    private static IEnumerable<Type?> InMethod(MethodBase method) =>
    [
        (method as MethodInfo)?.ReturnType,
        .. method.GetParameters().Select(parameter => parameter.ParameterType),
        .. method.GetCustomAttributesData().Select(attribute => attribute.AttributeType),
        .. method.GetMethodBody()?.LocalVariables.Select(local => local.LocalType) ?? [],
        .. Instructions.Of(method).SelectMany(instruction => InMember(Instructions.MemberOf(method, instruction.Code, instruction.Token))),
    ];

    private static IEnumerable<Type?> InMember(MemberInfo? member) => member switch
    {
        null => [],
        Type type => [type],
        MethodInfo { IsGenericMethod: true } generic => [generic.DeclaringType, .. generic.GetGenericArguments()],
        _ => [member.DeclaringType],
    };

    private static IEnumerable<Type> Parts(Type? type)
    {
        if (type is null || type.IsGenericParameter)
            return [];
        if (type.HasElementType)
            return Parts(type.GetElementType());
        return type.IsGenericType ? [type.GetGenericTypeDefinition(), .. type.GetGenericArguments().SelectMany(Parts)] : [type];
    }
}
