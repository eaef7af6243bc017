using System.Diagnostics;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace SmsAi.Web.Platform.Api;

/// <summary>Every refusal of the API: application/problem+json, a sentence with the way out, and for wrong fields each with its fault.</summary>
internal static class ApiProblem
{
    public static ProblemHttpResult Of(int status, string detail) => TypedResults.Problem(Details(status, detail));

    /// <summary>400: what is wrong, by field.</summary>
    public static ProblemHttpResult Of(IReadOnlyDictionary<string, string> faults)
    {
        var details = Details(StatusCodes.Status400BadRequest, string.Join(' ', faults.Select(fault => $"{fault.Key}: {fault.Value}")));
        details.Extensions["errors"] = faults.ToDictionary(fault => fault.Key, fault => new[] { fault.Value });
        return TypedResults.Problem(details);
    }

    private static ProblemDetails Details(int status, string detail) => new()
    {
        Status = status,
        Detail = detail,
        Extensions = { ["trace"] = Activity.Current?.TraceId.ToHexString() },
    };
}
