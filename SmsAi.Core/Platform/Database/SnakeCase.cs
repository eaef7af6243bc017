using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;

namespace SmsAi.Core.Platform.Database;

/// <summary>Names each mapped column as the migrations do: <c>PhoneHash</c> is <c>phone_hash</c>; strings are <c>text</c> of any length.</summary>
internal static class SnakeCase
{
    public static void NameColumns(IMutableModel model)
    {
        foreach (var property in model.GetEntityTypes().SelectMany(entity => entity.GetDeclaredProperties()))
        {
            property.SetColumnName(Of(property.Name));
            if (property.ClrType == typeof(string)) property.SetMaxLength(null);
        }
    }

    public static string Of(string name)
    {
        var text = new StringBuilder(name.Length + 8);
        for (var at = 0; at < name.Length; at++)
        {
            if (char.IsUpper(name[at]) && at > 0 && !char.IsUpper(name[at - 1])) text.Append('_');
            text.Append(char.ToLowerInvariant(name[at]));
        }
        return text.ToString();
    }
}
