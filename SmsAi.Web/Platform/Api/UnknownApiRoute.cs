using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.AspNetCore.Routing.Template;

namespace SmsAi.Web.Platform.Api;

/// <summary>What is under /api and nobody's: 405 where another method would do, else 404, both as problems.</summary>
internal static class UnknownApiRoute
{
    public static void MapUnknownApi(this IEndpointRouteBuilder routes) =>
        routes.MapApi("").Map("/{**rest}", Answer).ExcludeFromDescription();

    private static ProblemHttpResult Answer(HttpContext context, EndpointDataSource all)
    {
        string[] methods = [.. all.Endpoints.OfType<RouteEndpoint>().Where(endpoint => Leads(endpoint.RoutePattern, context.Request.Path))
            .SelectMany(endpoint => endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? []).Distinct().Order(StringComparer.Ordinal)];
        if (methods.Length == 0 || methods.Contains(context.Request.Method, StringComparer.OrdinalIgnoreCase))
            return ApiProblem.Of(StatusCodes.Status404NotFound, "There is nothing here. What there is stands in /openapi/v1.json and, in a browser, at /docs.");
        context.Response.Headers.Allow = string.Join(", ", methods);
        return ApiProblem.Of(StatusCodes.Status405MethodNotAllowed, $"This path takes {string.Join(" and ", methods)}.");
    }

    private static bool Leads(RoutePattern pattern, PathString path) =>
        pattern.PathSegments.Count > 1 && !pattern.Parameters.Any(parameter => parameter.IsCatchAll)
        && new TemplateMatcher(new RouteTemplate(pattern), []).TryMatch(path, []);
}
