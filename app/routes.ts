// The pages are the files of app/routes, named after their URL.
import { flatRoutes } from "@remix-run/fs-routes";

export default flatRoutes();
