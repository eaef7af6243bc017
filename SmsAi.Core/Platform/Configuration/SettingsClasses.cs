using System.ComponentModel.DataAnnotations;
using System.Reflection;

namespace SmsAi.Core.Platform.Configuration;

/// <summary>Knows a settings class when it sees one: a class with a constant <c>Section</c>.</summary>
internal static class SettingsClasses
{
    public static IEnumerable<(Type Type, string Section)> In(IEnumerable<Assembly> assemblies) =>
        from type in assemblies.Distinct().SelectMany(assembly => assembly.GetTypes())
        where type is { IsClass: true, IsAbstract: false, IsGenericType: false } && type.GetConstructor(Type.EmptyTypes) is not null
        let section = type.GetField("Section", BindingFlags.Public | BindingFlags.Static)
        where section is { IsLiteral: true } && section.FieldType == typeof(string)
        orderby (string)section.GetRawConstantValue()!
        select (type, (string)section.GetRawConstantValue()!);

    /// <summary>What a class's data annotations have against its values, by key.</summary>
    public static IEnumerable<string> Annotations(object options, string section)
    {
        var results = new List<ValidationResult>();
        Validator.TryValidateObject(options, new ValidationContext(options), results, validateAllProperties: true);
        return results.Select(result => $"{section}:{result.MemberNames.FirstOrDefault()}: {result.ErrorMessage}");
    }
}
